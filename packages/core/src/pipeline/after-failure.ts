import { MessagingError, isMessagingError } from "../ground/messaging-error.ts";
import type { Random } from "../ground/random.ts";
import { decide } from "../recovery/decide.ts";
import type { Capabilities } from "../spi/capabilities.ts";
import { RELEASE, type Settlement } from "../spi/settlement.ts";
import { giveUp, type LastRites } from "./give-up.ts";
import type { IncomingMessage } from "./incoming-message.ts";

export interface RecoveryParts {
  readonly random: Random;
  readonly capabilities: () => Capabilities;
  readonly rites: LastRites;
}

/** What becomes of a message whose handler failed at its `tries`-th try; nothing when it is to be tried again at once. */
export async function afterFailure(
  message: IncomingMessage,
  { failure, tries }: { readonly failure: unknown; readonly tries: number },
  { random, capabilities, rites }: RecoveryParts,
): Promise<Settlement | undefined> {
  if (isInterrupted(message, failure)) return RELEASE;
  const { policy } = message.handler;
  const { attempt } = message.delivery;
  const decision = decide(failure, policy, { attempt, tries, chance: random.next() });
  switch (decision.type) {
    case "try-again":
      return undefined;
    case "retry":
      return { type: "retry", delayMs: Math.min(decision.delayMs, capabilities().retryDelay.longestMs) };
    case "dead-letter": {
      const all = (attempt - 1) * (policy.immediate + 1) + tries;
      return giveUp(message, { failure, tries: all }, rites);
    }
  }
}

/** A handler that was told to stop, or whose messages found the bus stopped, has not failed. */
function isInterrupted({ scope }: IncomingMessage, failure: unknown): boolean {
  return scope.isAborted || isMessagingError(failure, "bus-stopped") || isMessagingError(failure, "closed");
}

/** Why a message is given up that no process survives. */
export function deadly({ envelope, delivery, inlet }: IncomingMessage): MessagingError {
  return new MessagingError("handler-failed", {
    what: `Message ${envelope.type} ${envelope.id} was delivered ${delivery.attempt} times to ${inlet.service} without an outcome.`,
    advice: "Handling it probably ends the process: look at the crashes, then replay the dead letter.",
    messageId: envelope.id,
  });
}
