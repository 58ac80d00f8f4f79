import { ACK, RELEASE } from "@waybill/core/transport";
import { drainDeadline } from "../../scenarios/draining/drain-deadline.ts";
import type { Breakage } from "../breakage.ts";
import {
  changedDeliver,
  changedSubscriptions,
  changed,
  changedSubscription,
  changedDelivery,
} from "../change.ts";
import { drainWaits } from "../../scenarios/draining/drain-waits.ts";
import { drainMoves } from "../../scenarios/draining/drain-moves.ts";
import { connectAborted } from "../../scenarios/closing/connect-aborted.ts";
import { noConnectionsLeft } from "../../scenarios/closing/no-connections-left.ts";
import { noTimersLeft } from "../../scenarios/closing/no-timers-left.ts";
import { cutResumes } from "../../scenarios/life/cut-resumes.ts";

/** The usual auto-ack mistake: quick, and everything that was being handled is gone with the process. */
export const acksEarly: Breakage = {
  does: "acknowledges a message before its handler has answered",
  caughtBy: drainDeadline,
  breaker: () => (sound) =>
    changedDeliver(sound, (deliver) => (delivery) => {
      void deliver(delivery);
      return Promise.resolve(ACK);
    }),
};

export const drainDoesNotWait: Breakage = {
  does: "ends a drain while handlers run",
  caughtBy: drainWaits,
  breaker: () => (sound) =>
    changedSubscriptions(sound, (subscription) => ({
      drain(deadline) {
        void subscription.drain(deadline);
        return Promise.resolve();
      },
    })),
};

export const drainHangs: Breakage = {
  does: "waits for handlers beyond the deadline of a drain",
  caughtBy: drainDeadline,
  breaker: () => (sound) =>
    changedSubscriptions(sound, (subscription) => ({
      drain: (deadline) => subscription.drain(deadline + 10_000),
    })),
};

export const givesBackWhileDraining: Breakage = {
  does: "gives back what a handler gives up while its subscription is drained",
  caughtBy: drainMoves,
  breaker: () => (sound) =>
    changed(sound, {
      async subscribe(source, deliver, report) {
        let isDraining = false;
        const subscription = await sound.subscribe(
          source,
          async (delivery) => {
            const settlement = await deliver(delivery);
            return isDraining && settlement.type === "dead-letter" ? RELEASE : settlement;
          },
          report,
        );
        return changedSubscription(subscription, {
          drain(deadline) {
            isDraining = true;
            return subscription.drain(deadline);
          },
        });
      },
    }),
};

export const ignoresAbort: Breakage = {
  does: "connects although its caller has changed its mind",
  caughtBy: connectAborted,
  breaker: () => (sound) => changed(sound, { connect: () => sound.connect(new AbortController().signal) }),
};

export const leaksConnections: Breakage = {
  does: "keeps its connection when it is closed",
  caughtBy: noConnectionsLeft,
  breaker: () => (sound) =>
    changed(sound, {
      close: () => Promise.resolve(),
    }),
};

export const leaksTimers: Breakage = {
  does: "leaves a timer behind",
  caughtBy: noTimersLeft,
  breaker:
    () =>
    (sound, { clock }) =>
      changed(sound, {
        connect(signal) {
          clock.schedule(3_600_000, () => undefined);
          return sound.connect(signal);
        },
      }),
};

export const neverAborts: Breakage = {
  does: "tells no handler that its message was taken back",
  caughtBy: cutResumes,
  breaker: () => (sound) =>
    changedDeliver(sound, (deliver) => (delivery) => {
      const { signal } = new AbortController();
      return deliver(changedDelivery(delivery, { signal }));
    }),
};
