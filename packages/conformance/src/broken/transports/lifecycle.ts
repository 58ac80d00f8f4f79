import { ACK, RELEASE } from "@waybill/core/transport";
import { connectAborted } from "../../scenarios/closing/connect-aborted.ts";
import { noConnectionsLeft } from "../../scenarios/closing/no-connections-left.ts";
import { noTimersLeft } from "../../scenarios/closing/no-timers-left.ts";
import { drainDeadLetters } from "../../scenarios/draining/drain-dead-letters.ts";
import { drainDeadline } from "../../scenarios/draining/drain-deadline.ts";
import { drainWaits } from "../../scenarios/draining/drain-waits.ts";
import { cutResumes } from "../../scenarios/lifecycle/cut-resumes.ts";
import type { BrokenTransport } from "../broken-transport.ts";
import {
  changed,
  changedDeliver,
  changedDelivery,
  changedSubscription,
  changedSubscriptions,
} from "../change.ts";

export const neverAborts: BrokenTransport = {
  does: "does not abort the signal of a revoked delivery",
  caughtBy: cutResumes,
  breaker: () => (inner) =>
    changedDeliver(inner, (deliver) => (delivery) => {
      const { signal } = new AbortController();
      return deliver(changedDelivery(delivery, { signal }));
    }),
};

export const drainDoesNotWait: BrokenTransport = {
  does: "ends a drain while handlers still run",
  caughtBy: drainWaits,
  breaker: () => (inner) =>
    changedSubscriptions(inner, (subscription) => ({
      drain(deadline) {
        void subscription.drain(deadline);
        return Promise.resolve();
      },
    })),
};

export const releasesWhileDraining: BrokenTransport = {
  does: "releases a message instead of dead-lettering it while draining",
  caughtBy: drainDeadLetters,
  breaker: () => (inner) =>
    changed(inner, {
      async subscribe(source, deliver, report) {
        let isDraining = false;
        const subscription = await inner.subscribe(
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

/** The usual auto-ack mistake: messages in flight are lost with the process. */
export const acksEarly: BrokenTransport = {
  does: "acknowledges a message before its handler has returned",
  caughtBy: drainDeadline,
  breaker: () => (inner) =>
    changedDeliver(inner, (deliver) => (delivery) => {
      void deliver(delivery);
      return Promise.resolve(ACK);
    }),
};

export const drainHangs: BrokenTransport = {
  does: "waits for handlers beyond the deadline of a drain",
  caughtBy: drainDeadline,
  breaker: () => (inner) =>
    changedSubscriptions(inner, (subscription) => ({
      drain: (deadline) => subscription.drain(deadline + 10_000),
    })),
};

export const ignoresAbort: BrokenTransport = {
  does: "connects although the signal has aborted",
  caughtBy: connectAborted,
  breaker: () => (inner) => changed(inner, { connect: () => inner.connect(new AbortController().signal) }),
};

export const leaksTimers: BrokenTransport = {
  does: "leaves a timer running after close",
  caughtBy: noTimersLeft,
  breaker:
    () =>
    (inner, { clock }) =>
      changed(inner, {
        connect(signal) {
          clock.schedule(3_600_000, () => undefined);
          return inner.connect(signal);
        },
      }),
};

export const leaksConnections: BrokenTransport = {
  does: "keeps its connection open after close",
  caughtBy: noConnectionsLeft,
  breaker: () => (inner) =>
    changed(inner, {
      close: () => Promise.resolve(),
    }),
};
