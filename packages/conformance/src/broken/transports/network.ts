import { ACK, STORED, type Subscription, type Transport, type WireMessage } from "@waybill/core/transport";
import { closeWhileCut } from "../../scenarios/network/close-while-cut.ts";
import { reconnectStorm } from "../../scenarios/network/reconnect-storm.ts";
import { repliesAcrossReset } from "../../scenarios/network/replies-across-reset.ts";
import { resetMidConsume } from "../../scenarios/network/reset-mid-consume.ts";
import { resetMidPublish } from "../../scenarios/network/reset-mid-publish.ts";
import { resetWhileSettling } from "../../scenarios/network/reset-while-settling.ts";
import { resetWhileStarting } from "../../scenarios/network/reset-while-starting.ts";
import type { BrokenTransport } from "../broken-transport.ts";
import { changed, changedDeliver } from "../change.ts";

/** Like a client that confirms messages in its outgoing buffer. */
export const losesItsBuffer: BrokenTransport = {
  does: "confirms buffered messages and loses them with the connection",
  caughtBy: resetMidPublish,
  breaker:
    () =>
    (inner, { clock }) => {
      const buffer: WireMessage[] = [];
      inner.onState(({ status }) => {
        if (status === "disconnected") buffer.length = 0;
      });
      return changed(inner, {
        publish(batch) {
          buffer.push(...batch);
          clock.schedule(1, () => void inner.publish(buffer.splice(0)));
          return Promise.resolve(batch.map(() => STORED));
        },
      });
    },
};

/** Like a client that resends after a lost connection, but under an id that deduplication does not recognise. */
export const republishesAfterReconnect: BrokenTransport = {
  does: "republishes its last message under another id after a lost connection",
  caughtBy: resetMidPublish,
  breaker: () => (inner) => {
    let last: WireMessage | undefined;
    let wasLost = false;
    inner.onState(({ status }) => {
      if (status === "ready" && wasLost && last !== undefined)
        void inner.publish([{ ...last, id: `${last.id}-again` }]);
      wasLost = status === "disconnected";
    });
    return changed(inner, {
      publish(batch) {
        last = batch.at(-1);
        return inner.publish(batch);
      },
    });
  },
};

/** Like an adapter that subscribes again with the initial credit. */
export const forgetsCredit: BrokenTransport = {
  does: "resumes with a credit of 0 after a lost connection",
  caughtBy: resetMidConsume,
  breaker: () => (inner) => {
    const subscriptions = new Set<Subscription>();
    inner.onState(({ status }) => {
      if (status === "disconnected") for (const subscription of subscriptions) subscription.credit(0);
    });
    return changed(inner, {
      async subscribe(source, deliver, report) {
        const subscription = await inner.subscribe(source, deliver, report);
        subscriptions.add(subscription);
        return subscription;
      },
    });
  },
};

/** Like an adapter that does not reopen its channel for dead letters and still acknowledges the source. */
export const losesDeadLettersOnReset: BrokenTransport = {
  does: "drops dead letters after a lost connection",
  caughtBy: resetWhileSettling,
  breaker: () => (inner: Transport) => {
    let wasLost = false;
    inner.onState(({ status }) => (wasLost ||= status === "disconnected"));
    return changedDeliver(inner, (deliver) => async (delivery) => {
      const settlement = await deliver(delivery);
      return settlement.type === "dead-letter" && wasLost ? ACK : settlement;
    });
  },
};

/** Like an adapter that treats the reply on the lost connection as valid for the next one. */
export const forgetsNewConsumers: BrokenTransport = {
  does: "forgets a consumer whose connection was lost before its first delivery",
  caughtBy: resetWhileStarting,
  breaker: () => (inner) =>
    changed(inner, {
      async subscribe(source, deliver, report) {
        let hasDelivered = false;
        const subscription = await inner.subscribe(
          source,
          (delivery) => {
            hasDelivered = true;
            return deliver(delivery);
          },
          report,
        );
        inner.onState(({ status }) => {
          if (status === "disconnected" && !hasDelivered) subscription.credit(0);
        });
        return subscription;
      },
    }),
};

export const forgetsInboxes: BrokenTransport = {
  does: "receives no replies after a lost connection",
  caughtBy: repliesAcrossReset,
  breaker: () => (inner) => {
    let wasLost = false;
    inner.onState(({ status }) => (wasLost ||= status === "disconnected"));
    return changed(inner, {
      openReplyInbox: (onReply) =>
        inner.openReplyInbox((reply) => {
          if (!wasLost) onReply(reply);
        }),
    });
  },
};

/** The number of lost connections after which it gives up. */
const TRIES = 8;

/** Like a retry limit that a successful connection does not reset. */
export const stopsReconnecting: BrokenTransport = {
  does: "stops reconnecting after eight lost connections",
  caughtBy: reconnectStorm,
  breaker: () => (inner) => {
    let lost = 0;
    inner.onState(({ status }) => {
      if (status === "disconnected") lost += 1;
    });
    return changed(inner, {
      publish: (batch) =>
        lost < TRIES
          ? inner.publish(batch)
          : Promise.resolve(
              batch.map(() => ({
                ok: false,
                error: {
                  code: "disconnected",
                  message: "The transport has stopped reconnecting.",
                  maybeStored: false,
                },
              })),
            ),
    });
  },
};

/** Like a client that needs a connection to close in order. */
export const closeWaitsForReady: BrokenTransport = {
  does: "waits for a connection before it closes",
  caughtBy: closeWhileCut,
  breaker: () => (inner) => {
    let isLost = false;
    const waiting: (() => void)[] = [];
    inner.onState(({ status }) => {
      isLost = status === "disconnected";
      if (!isLost) for (const resolve of waiting.splice(0)) resolve();
    });
    return changed(inner, {
      async close(deadline) {
        if (isLost) await new Promise<void>((resolve) => waiting.push(resolve));
        return inner.close(deadline);
      },
    });
  },
};
