import { ACK, type WireMessage, RELEASE, type Settlement } from "@waybill/core/transport";
import { outOfOrder } from "../../scenarios/settling/out-of-order.ts";
import type { Breakage } from "../breakage.ts";
import { changedDeliver, changedMessages, changedDelivery, changed, changedSubscription } from "../change.ts";
import { deadLetterUntouched } from "../../scenarios/settling/dead-letter-untouched.ts";
import { attemptsSurviveCrash } from "../../scenarios/settling/attempts-survive-crash.ts";
import { deadLettersRead } from "../../scenarios/settling/dead-letters-read.ts";
import { deadLettersApart } from "../../scenarios/settling/dead-letters-apart.ts";
import { retryHarmsNobody } from "../../scenarios/settling/retry-harms-nobody.ts";
import { retryHeaders } from "../../scenarios/settling/retry-headers.ts";
import { attemptsAcrossInstances } from "../../scenarios/settling/attempts-across-instances.ts";
import { settledAfterRevoke } from "../../scenarios/settling/settled-after-revoke.ts";
import { releaseIsFree } from "../../scenarios/settling/release-is-free.ts";
import { releaseKeepsOrder } from "../../scenarios/settling/release-keeps-order.ts";
import { retryWhenDue } from "../../scenarios/settling/retry-when-due.ts";

/** A watermark moved to the latest answer instead of below the first hole. */
export const acksBelow: Breakage = {
  does: "takes an acknowledgement for all that came before",
  caughtBy: outOfOrder,
  breaker: () => (sound) => {
    const acknowledged = new Set<string>();
    return changedDeliver(sound, (deliver) => {
      const open: WireMessage[] = [];
      return async (delivery) => {
        open.push(delivery.message);
        const answer = await deliver(delivery);
        if (answer.type === "ack")
          for (const { id } of open.slice(0, open.indexOf(delivery.message))) acknowledged.add(id);
        return acknowledged.has(delivery.message.id) ? ACK : answer;
      };
    });
  },
};

/** Every byte that is no UTF-8 becomes a replacement character. */
export const altersBodies: Breakage = {
  does: "takes bodies for text",
  caughtBy: deadLetterUntouched,
  breaker: () => (sound) =>
    changedMessages(sound, (message) => ({
      ...message,
      body: new TextEncoder().encode(new TextDecoder().decode(message.body)),
    })),
};

/** Right as long as the process lives: a message that kills its process is tried for ever. */
export const countsInMemory: Breakage = {
  does: "counts attempts in the process that handles them",
  caughtBy: attemptsSurviveCrash,
  breaker: () => (sound) => {
    const counts = new Map<string, number>();
    return changedDeliver(sound, (deliver) => (delivery) => {
      const attempt = (counts.get(delivery.message.id) ?? 0) + 1;
      counts.set(delivery.message.id, attempt);
      return deliver(changedDelivery(delivery, { attempt }));
    });
  },
};

export const deadLettersTwice: Breakage = {
  does: "hands out a dead letter again after it was discarded",
  caughtBy: deadLettersRead,
  breaker: () => {
    const discarded = new Set<string>();
    return (sound) =>
      changed(sound, {
        subscribe: (source, deliver) =>
          sound.subscribe(source, async (delivery) => {
            const answer = await deliver(delivery);
            const { id } = delivery.message;
            if (source.kind !== "dead-letters" || answer.type !== "ack" || discarded.has(id)) return answer;
            discarded.add(id);
            return RELEASE;
          }),
      });
  },
};

export const dropsDeadLetters: Breakage = {
  does: "throws away what should be a dead letter",
  caughtBy: deadLettersApart,
  breaker: () => (sound) =>
    changedDeliver(sound, (deliver) => async (delivery) => {
      const answer = await deliver(delivery);
      return answer.type === "dead-letter" ? ACK : answer;
    }),
};

export const dropsRetries: Breakage = {
  does: "acknowledges what should be retried",
  caughtBy: retryHarmsNobody,
  breaker: () => (sound) =>
    changedDeliver(sound, (deliver) => async (delivery) => {
      const answer = await deliver(delivery);
      return answer.type === "retry" ? ACK : answer;
    }),
};

export const dropsRetryHeaders: Breakage = {
  does: "retries without the headers it was given",
  caughtBy: retryHeaders,
  breaker: () => (sound) =>
    changedDeliver(sound, (deliver) => async (delivery) => {
      const answer = await deliver(delivery);
      return answer.type === "retry" ? { type: "retry", delayMs: answer.delayMs } : answer;
    }),
};

export const forgetsAttempts: Breakage = {
  does: "calls every delivery the first",
  caughtBy: attemptsAcrossInstances,
  breaker: () => (sound) =>
    changedDeliver(sound, (deliver) => (delivery) => deliver(changedDelivery(delivery, { attempt: 1 }))),
};

export const losesFailureHeaders: Breakage = {
  does: "stores dead letters without the headers of their failure",
  caughtBy: deadLetterUntouched,
  breaker: () => (sound) =>
    changedDeliver(sound, (deliver) => async (delivery) => {
      const answer = await deliver(delivery);
      return answer.type === "dead-letter" ? { ...answer, headers: {} } : answer;
    }),
};

export const losesOnDrain: Breakage = {
  does: "acknowledges what is still open when it is drained",
  caughtBy: settledAfterRevoke,
  breaker: () => (sound) =>
    changed(sound, {
      async subscribe(source, deliver, report) {
        let giveUp = (): void => undefined;
        const over = new Promise<Settlement>((resolve) => (giveUp = () => resolve(ACK)));
        const subscription = await sound.subscribe(
          source,
          (delivery) => Promise.race([deliver(delivery), over]),
          report,
        );
        return changedSubscription(subscription, {
          drain(deadline) {
            giveUp();
            return subscription.drain(deadline);
          },
        });
      },
    }),
};

export const releaseCounts: Breakage = {
  does: "counts a message given back as tried",
  caughtBy: releaseIsFree,
  breaker: () => (sound) =>
    changedDeliver(sound, (deliver) => async (delivery) => {
      const answer = await deliver(delivery);
      return answer.type === "release" ? { type: "retry", delayMs: 0 } : answer;
    }),
};

/** Giving back by publishing again, as where a broker has no other way. */
export const releaseGoesLast: Breakage = {
  does: "puts what is given back at the end",
  caughtBy: releaseKeepsOrder,
  breaker: () => (sound) =>
    changedDeliver(sound, (deliver) => async (delivery) => {
      const answer = await deliver(delivery);
      if (answer.type !== "release") return answer;
      const { message } = delivery;
      await sound.publish([{ ...message, id: `${message.id}-back` }]);
      return ACK;
    }),
};

export const retriesEarly: Breakage = {
  does: "brings a retried message back before its delay is over",
  caughtBy: retryWhenDue,
  breaker: () => (sound) =>
    changedDeliver(sound, (deliver) => async (delivery) => {
      const answer = await deliver(delivery);
      return answer.type === "retry" ? { ...answer, delayMs: answer.delayMs / 2 } : answer;
    }),
};
