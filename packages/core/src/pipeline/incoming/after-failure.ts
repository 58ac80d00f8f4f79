import type { Clock } from "../../environment/clock.ts";
import { MessagingError, isMessagingError } from "../../environment/messaging-error.ts";
import type { Random } from "../../environment/random.ts";
import { decide, type Decision } from "../../recovery/decide.ts";
import { printable } from "../../environment/printable.ts";
import { asideMs, progressHeaders, suspicionOf } from "../../recovery/progress.ts";
import type { MaybePromise } from "../maybe-promise.ts";
import type { Capabilities } from "../../spi/capabilities.ts";
import { RELEASE, type Settlement } from "../../spi/settlement.ts";
import { giveUp, type GiveUpServices } from "./give-up.ts";
import type { IncomingMessage } from "./incoming-message.ts";
import { replyDeadline } from "./reply-deadline.ts";

export interface RecoveryParts {
  readonly clock: Clock;
  readonly random: Random;
  readonly capabilities: () => Capabilities;
  /** Whether the bus of this handler is stopping or has stopped. */
  readonly isStopping: () => boolean;
  readonly giveUpServices: GiveUpServices;
  /** Warns the operator. */
  readonly warn: (warning: string) => void;
}

/** One failed try of a handler. */
export interface FailedTry {
  readonly failure: unknown;
  /** How often the handler was called in this delivery. */
  readonly tries: number;
  /** When this try began, in milliseconds since the Unix epoch. */
  readonly since: number;
}

/** Returns the settlement of a message whose handler failed; undefined when the handler is to be called again at once. Never rejects. */
export async function afterFailure(
  message: IncomingMessage,
  { failure, tries, since }: FailedTry,
  { clock, random, capabilities, isStopping, giveUpServices }: RecoveryParts,
): Promise<Settlement | undefined> {
  if (message.scope.isAborted || (isStopping() && isEndOfBus(failure))) return RELEASE;
  const { policy } = message.handler;
  const { progress, delivery } = message;
  const attempt = progress.rounds + 1;
  const decision = decide(failure, policy, { attempt, tries, random: random.next() });
  if (decision.type === "dead-letter" || isTooLate(message, { decision, since }, { clock, capabilities })) {
    const earlierTries = progress.rounds * (policy.immediate + 1);
    return giveUp(message, { failure, tries: earlierTries + tries }, giveUpServices);
  }
  if (decision.type === "try-again") return undefined;
  return {
    type: "retry",
    delayMs: Math.min(decision.delayMs, capabilities().retryDelay.longestMs),
    headers: progressHeaders({ rounds: attempt, settled: delivery.attempt, suspicions: 0 }),
  };
}

/**
 * Returns the settlement of a poison message, which many deliveries have left unsettled: its handler is not called, and
 * the message is delayed or dead-lettered. Returns undefined for a usual message. Never rejects.
 */
export function beforeStart(
  message: IncomingMessage,
  { capabilities, giveUpServices, warn }: RecoveryParts,
): MaybePromise<Settlement> | undefined {
  const { progress, delivery } = message;
  switch (suspicionOf(progress, delivery.attempt)) {
    case "none":
      return undefined;
    case "crash-looping":
      return giveUp(message, { failure: crashLooping(message), tries: 0 }, giveUpServices);
    case "suspect":
      warn(`${unsettled(message)} It is delayed and then handled again.`);
      return {
        type: "retry",
        delayMs: Math.min(asideMs(progress), capabilities().retryDelay.longestMs),
        headers: progressHeaders({
          ...progress,
          settled: delivery.attempt,
          suspicions: progress.suspicions + 1,
        }),
      };
  }
}

/** Whether a handler failed only because its own bus is stopping. The end of another bus is a failure like any other. */
function isEndOfBus(failure: unknown): boolean {
  return isMessagingError(failure, "bus-stopped") || isMessagingError(failure, "closed");
}

/**
 * Returns whether one more try would end after the requester of the message has given up, if it takes as long as the last
 * one. The message is then dead-lettered, so that the requester gets the failure in time. Where the requester had given up
 * before this try began, the message keeps its usual policy.
 */
function isTooLate(
  { envelope }: IncomingMessage,
  { decision, since }: { readonly decision: Decision; readonly since: number },
  { clock, capabilities }: Pick<RecoveryParts, "clock" | "capabilities">,
): boolean {
  const now = clock.now();
  const deadline = replyDeadline(envelope, now);
  if (deadline === undefined || deadline <= since) return false;
  const delayMs = decision.type === "retry" ? decision.delayMs + capabilities().retryDelay.granularityMs : 0;
  return now + delayMs + (now - since) > deadline;
}

/** Returns the failure of a message that probably ends every process that handles it. */
function crashLooping(message: IncomingMessage): MessagingError {
  return new MessagingError("handler-failed", {
    what: unsettled(message),
    advice: "Its handler probably ends the process: look at the crashes, then replay the dead letter.",
    messageId: message.envelope.id,
  });
}

function unsettled({ envelope, delivery, consumer }: IncomingMessage): string {
  return printable(
    `Message ${envelope.type} ${envelope.id} was delivered ${delivery.attempt} times to ${consumer.service}, and most deliveries ended without a settlement.`,
  );
}
