import { MessagingError, isMessagingError } from "../../ground/messaging-error.ts";
import type { Random } from "../../ground/random.ts";
import { decide, isDeadly } from "../../recovery/decide.ts";
import type { Capabilities } from "../../spi/capabilities.ts";
import { RELEASE, type Settlement } from "../../spi/settlement.ts";
import { giveUp, type LastRites } from "../give-up.ts";
import type { IncomingStep } from "../incoming.ts";
import type { IncomingMessage } from "../incoming-message.ts";

export interface RecoverParts {
  readonly random: Random;
  readonly capabilities: () => Capabilities;
  readonly rites: LastRites;
}

/** Tries the handler and decides about its failures. Never rejects: its answer is what becomes of the message. */
export function recoverWith({ random, capabilities, rites }: RecoverParts): IncomingStep {
  return {
    name: "recover",
    async run(message, next): Promise<Settlement> {
      const { policy } = message.handler;
      const { attempt } = message.delivery;
      if (isDeadly(attempt, policy)) return giveUp(message, { failure: deadly(message), tries: 0 }, rites);
      for (let tries = 1; ; tries++) {
        try {
          return await next(message);
        } catch (failure) {
          if (isInterrupted(message, failure)) return RELEASE;
          const decision = decide(failure, { attempt, tries }, policy, random.next());
          switch (decision.type) {
            case "try-again":
              continue;
            case "retry":
              return {
                type: "retry",
                delayMs: Math.min(decision.delayMs, capabilities().retryDelay.longestMs),
              };
            case "dead-letter":
              return giveUp(
                message,
                { failure, tries: (attempt - 1) * (policy.immediate + 1) + tries },
                rites,
              );
          }
        }
      }
    },
  };
}

/** A handler that was told to stop, or whose messages found the bus stopped, has not failed. */
function isInterrupted(message: IncomingMessage, failure: unknown): boolean {
  return (
    message.scope.isAborted || isMessagingError(failure, "bus-stopped") || isMessagingError(failure, "closed")
  );
}

function deadly(message: IncomingMessage): MessagingError {
  const { envelope, delivery, inlet } = message;
  return new MessagingError("handler-failed", {
    what: `Message ${envelope.type} ${envelope.id} was delivered ${delivery.attempt} times to ${inlet.service} without an outcome.`,
    advice: "Handling it probably ends the process: look at the crashes, then replay the dead letter.",
    messageId: envelope.id,
  });
}
