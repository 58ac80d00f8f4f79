import { closeWhileCut } from "../../scenarios/network/close-while-cut.ts";
import type { Breakage } from "../breakage.ts";
import { changed, changedDeliver } from "../change.ts";
import { repliesAcrossReset } from "../../scenarios/network/replies-across-reset.ts";
import { type Subscription, STORED, type WireMessage, ACK, type Transport } from "@waybill/core/transport";
import { resetMidConsume } from "../../scenarios/network/reset-mid-consume.ts";
import { reconnectStorm } from "../../scenarios/network/reconnect-storm.ts";
import { resetMidPublish } from "../../scenarios/network/reset-mid-publish.ts";
import { resetWhileSettling } from "../../scenarios/network/reset-while-settling.ts";
import { resetWhileStarting } from "../../scenarios/network/reset-while-starting.ts";

/** To say goodbye it needs a connection, so it waits for one. */
export const closeWaitsForReady: Breakage = {
  does: "closes only once it is connected",
  caughtBy: closeWhileCut,
  breaker: () => (sound) => {
    let isLost = false;
    const waiting: (() => void)[] = [];
    sound.onState(({ status }) => {
      isLost = status === "disconnected";
      if (!isLost) for (const resolve of waiting.splice(0)) resolve();
    });
    return changed(sound, {
      async close(deadline) {
        if (isLost) await new Promise<void>((resolve) => waiting.push(resolve));
        return sound.close(deadline);
      },
    });
  },
};

export const forgetsInboxes: Breakage = {
  does: "hears no replies any more after a lost connection",
  caughtBy: repliesAcrossReset,
  breaker: () => (sound) => {
    let wasLost = false;
    sound.onState(({ status }) => (wasLost ||= status === "disconnected"));
    return changed(sound, {
      openReplyInbox: (onReply) =>
        sound.openReplyInbox((reply) => {
          if (!wasLost) onReply(reply);
        }),
    });
  },
};

/** It subscribes again, with the window a subscription starts with. */
export const forgetsItsWindow: Breakage = {
  does: "resumes with a credit of 0 after a lost connection",
  caughtBy: resetMidConsume,
  breaker: () => (sound) => {
    const subscriptions = new Set<Subscription>();
    sound.onState(({ status }) => {
      if (status === "disconnected") for (const subscription of subscriptions) subscription.credit(0);
    });
    return changed(sound, {
      async subscribe(source, deliver, report) {
        const subscription = await sound.subscribe(source, deliver, report);
        subscriptions.add(subscription);
        return subscription;
      },
    });
  },
};

const TRIES = 8;

/** A limit of tries that is never set back when one has succeeded. */
export const givesUp: Breakage = {
  does: "gives up after it has lost eight connections",
  caughtBy: reconnectStorm,
  breaker: () => (sound) => {
    let lost = 0;
    sound.onState(({ status }) => {
      if (status === "disconnected") lost += 1;
    });
    return changed(sound, {
      publish: (batch) =>
        lost < TRIES
          ? sound.publish(batch)
          : Promise.resolve(
              batch.map(() => ({
                ok: false,
                error: { code: "disconnected", message: "Too many tries.", maybeStored: false },
              })),
            ),
    });
  },
};

/** Most clients have an outgoing buffer; what is in it is stored nowhere. */
export const losesItsBuffer: Breakage = {
  does: "answers ok for what is in its buffer and empties it when the connection is lost",
  caughtBy: resetMidPublish,
  breaker:
    () =>
    (sound, { clock }) => {
      const buffer: WireMessage[] = [];
      sound.onState(({ status }) => {
        if (status === "disconnected") buffer.length = 0;
      });
      return changed(sound, {
        publish(batch) {
          buffer.push(...batch);
          clock.schedule(1, () => void sound.publish(buffer.splice(0)));
          return Promise.resolve(batch.map(() => STORED));
        },
      });
    },
};

/** The channel that dead letters go out by is not opened again, and the source is acknowledged all the same. */
export const losesLettersOnReset: Breakage = {
  does: "stores no dead letters after a lost connection and acknowledges their messages",
  caughtBy: resetWhileSettling,
  breaker: () => (sound: Transport) => {
    let wasLost = false;
    sound.onState(({ status }) => (wasLost ||= status === "disconnected"));
    return changedDeliver(sound, (deliver) => async (delivery) => {
      const answer = await deliver(delivery);
      return answer.type === "dead-letter" && wasLost ? ACK : answer;
    });
  },
};

/** To be on the safe side, and under an id that no de-duplication knows. */
export const repeatsAfterReconnect: Breakage = {
  does: "publishes its last message again after every lost connection, under another id",
  caughtBy: resetMidPublish,
  breaker: () => (sound) => {
    let last: WireMessage | undefined;
    let wasLost = false;
    sound.onState(({ status }) => {
      if (status === "ready" && wasLost && last !== undefined)
        void sound.publish([{ ...last, id: `${last.id}-again` }]);
      wasLost = status === "disconnected";
    });
    return changed(sound, {
      publish(batch) {
        last = batch.at(-1);
        return sound.publish(batch);
      },
    });
  },
};

/** It takes the answer of the lost connection for one of the next. */
export const startsOnce: Breakage = {
  does: "forgets a consumer whose connection was lost before anything had come",
  caughtBy: resetWhileStarting,
  breaker: () => (sound) =>
    changed(sound, {
      async subscribe(source, deliver, report) {
        let hasDelivered = false;
        const subscription = await sound.subscribe(
          source,
          (delivery) => {
            hasDelivered = true;
            return deliver(delivery);
          },
          report,
        );
        sound.onState(({ status }) => {
          if (status === "disconnected" && !hasDelivered) subscription.credit(0);
        });
        return subscription;
      },
    }),
};
