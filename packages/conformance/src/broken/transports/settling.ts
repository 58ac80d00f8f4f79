import { ACK, RELEASE, type Settlement, type WireMessage } from "@waybill/core/transport";
import { attemptsAcrossInstances } from "../../scenarios/settling/attempts-across-instances.ts";
import { attemptsSurviveCrash } from "../../scenarios/settling/attempts-survive-crash.ts";
import { deadLetterUntouched } from "../../scenarios/settling/dead-letter-untouched.ts";
import { deadLettersApart } from "../../scenarios/settling/dead-letters-apart.ts";
import { deadLettersRead } from "../../scenarios/settling/dead-letters-read.ts";
import { outOfOrder } from "../../scenarios/settling/out-of-order.ts";
import { releaseIsFree } from "../../scenarios/settling/release-is-free.ts";
import { releaseKeepsOrder } from "../../scenarios/settling/release-keeps-order.ts";
import { retryHarmsNobody } from "../../scenarios/settling/retry-harms-nobody.ts";
import { retryHeaders } from "../../scenarios/settling/retry-headers.ts";
import { retryWhenDue } from "../../scenarios/settling/retry-when-due.ts";
import { settledAfterRevoke } from "../../scenarios/settling/settled-after-revoke.ts";
import type { BrokenTransport } from "../broken-transport.ts";
import { changed, changedDeliver, changedDelivery, changedMessages, changedSubscription } from "../change.ts";

export const retriesEarly: BrokenTransport = {
  does: "redelivers a retried message before its delay is over",
  caughtBy: retryWhenDue,
  breaker: () => (inner) =>
    changedDeliver(inner, (deliver) => async (delivery) => {
      const settlement = await deliver(delivery);
      return settlement.type === "retry" ? { ...settlement, delayMs: settlement.delayMs / 2 } : settlement;
    }),
};

export const dropsRetries: BrokenTransport = {
  does: "acknowledges messages instead of retrying them",
  caughtBy: retryHarmsNobody,
  breaker: () => (inner) =>
    changedDeliver(inner, (deliver) => async (delivery) => {
      const settlement = await deliver(delivery);
      return settlement.type === "retry" ? ACK : settlement;
    }),
};

export const dropsRetryHeaders: BrokenTransport = {
  does: "drops the headers of a retry",
  caughtBy: retryHeaders,
  breaker: () => (inner) =>
    changedDeliver(inner, (deliver) => async (delivery) => {
      const settlement = await deliver(delivery);
      return settlement.type === "retry" ? { type: "retry", delayMs: settlement.delayMs } : settlement;
    }),
};

export const forgetsAttempts: BrokenTransport = {
  does: "reports every delivery as the first attempt",
  caughtBy: attemptsAcrossInstances,
  breaker: () => (inner) =>
    changedDeliver(inner, (deliver) => (delivery) => deliver(changedDelivery(delivery, { attempt: 1 }))),
};

/** The count is lost with the process, so a poison message that ends its process is retried forever. */
export const countsInMemory: BrokenTransport = {
  does: "counts attempts in memory",
  caughtBy: attemptsSurviveCrash,
  breaker: () => (inner) => {
    const counts = new Map<string, number>();
    return changedDeliver(inner, (deliver) => (delivery) => {
      const attempt = (counts.get(delivery.message.id) ?? 0) + 1;
      counts.set(delivery.message.id, attempt);
      return deliver(changedDelivery(delivery, { attempt }));
    });
  },
};

/** Like an adapter that decodes a body as UTF-8: any other bytes become replacement characters. */
export const altersBodies: BrokenTransport = {
  does: "treats bodies as text",
  caughtBy: deadLetterUntouched,
  breaker: () => (inner) =>
    changedMessages(inner, (message) => ({
      ...message,
      body: new TextEncoder().encode(new TextDecoder().decode(message.body)),
    })),
};

export const losesFailureHeaders: BrokenTransport = {
  does: "stores dead letters without failure headers",
  caughtBy: deadLetterUntouched,
  breaker: () => (inner) =>
    changedDeliver(inner, (deliver) => async (delivery) => {
      const settlement = await deliver(delivery);
      return settlement.type === "dead-letter" ? { ...settlement, headers: {} } : settlement;
    }),
};

export const dropsDeadLetters: BrokenTransport = {
  does: "drops messages instead of dead-lettering them",
  caughtBy: deadLettersApart,
  breaker: () => (inner) =>
    changedDeliver(inner, (deliver) => async (delivery) => {
      const settlement = await deliver(delivery);
      return settlement.type === "dead-letter" ? ACK : settlement;
    }),
};

export const deadLettersTwice: BrokenTransport = {
  does: "delivers a discarded dead letter again",
  caughtBy: deadLettersRead,
  breaker: () => {
    const discarded = new Set<string>();
    return (inner) =>
      changed(inner, {
        subscribe: (source, deliver) =>
          inner.subscribe(source, async (delivery) => {
            const settlement = await deliver(delivery);
            const { id } = delivery.message;
            if (source.kind !== "dead-letters" || settlement.type !== "ack" || discarded.has(id))
              return settlement;
            discarded.add(id);
            return RELEASE;
          }),
      });
  },
};

export const releaseCounts: BrokenTransport = {
  does: "counts a release as an attempt",
  caughtBy: releaseIsFree,
  breaker: () => (inner) =>
    changedDeliver(inner, (deliver) => async (delivery) => {
      const settlement = await deliver(delivery);
      return settlement.type === "release" ? { type: "retry", delayMs: 0 } : settlement;
    }),
};

/** Like an adapter that releases by publishing again, where its broker has no other way. */
export const releaseGoesLast: BrokenTransport = {
  does: "puts released messages at the end of the queue",
  caughtBy: releaseKeepsOrder,
  breaker: () => (inner) =>
    changedDeliver(inner, (deliver) => async (delivery) => {
      const settlement = await deliver(delivery);
      if (settlement.type !== "release") return settlement;
      const { message } = delivery;
      await inner.publish([{ ...message, id: `${message.id}-back` }]);
      return ACK;
    }),
};

/** Like a commit that moves to the latest acknowledgement instead of stopping at the first unsettled message. */
export const acksEarlierOnes: BrokenTransport = {
  does: "lets an acknowledgement acknowledge all earlier messages",
  caughtBy: outOfOrder,
  breaker: () => (inner) => {
    const acknowledged = new Set<string>();
    return changedDeliver(inner, (deliver) => {
      const inFlight: WireMessage[] = [];
      return async (delivery) => {
        inFlight.push(delivery.message);
        const settlement = await deliver(delivery);
        if (settlement.type === "ack")
          for (const { id } of inFlight.slice(0, inFlight.indexOf(delivery.message))) acknowledged.add(id);
        return acknowledged.has(delivery.message.id) ? ACK : settlement;
      };
    });
  },
};

export const losesOnDrain: BrokenTransport = {
  does: "acknowledges unsettled messages when it is drained",
  caughtBy: settledAfterRevoke,
  breaker: () => (inner) =>
    changed(inner, {
      async subscribe(source, deliver, report) {
        let giveUp = (): void => undefined;
        const over = new Promise<Settlement>((resolve) => (giveUp = () => resolve(ACK)));
        const subscription = await inner.subscribe(
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
