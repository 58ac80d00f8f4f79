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
  readonly rites: GiveUpServices;
  /** Warns whoever runs the process. */
  readonly tell: (warning: string) => void;
}

/** One failed try. */
export interface FailedTry {
  readonly failure: unknown;
  /** How often the handler ran in this delivery. */
  readonly tries: number;
  /** When this try began. */
  readonly since: number;
}

/** What becomes of a message whose handler failed; nothing when it is to be tried again at once. Never rejects. */
export async function afterFailure(
  message: IncomingMessage,
  { failure, tries, since }: FailedTry,
  { clock, random, capabilities, isStopping, rites }: RecoveryParts,
): Promise<Settlement | undefined> {
  if (message.scope.isAborted || (isStopping() && isEndOfBus(failure))) return RELEASE;
  const { policy } = message.handler;
  const { progress, delivery } = message;
  const attempt = progress.rounds + 1;
  const decision = decide(failure, policy, { attempt, tries, chance: random.next() });
  if (decision.type === "dead-letter" || isTooLate(message, { decision, since }, { clock, capabilities })) {
    const before = progress.rounds * (policy.immediate + 1);
    return giveUp(message, { failure, tries: before + tries }, rites);
  }
  if (decision.type === "try-again") return undefined;
  return {
    type: "retry",
    delayMs: Math.min(decision.delayMs, capabilities().retryDelay.longestMs),
    headers: progressHeaders({ rounds: attempt, settled: delivery.attempt, suspicions: 0 }),
  };
}

/**
 * What becomes of a message that many deliveries have left without an outcome; nothing for the usual one. Its handler does
 * not start: it is set aside for a while, or given up. Never rejects.
 */
export function beforeStart(
  message: IncomingMessage,
  { capabilities, rites, tell }: RecoveryParts,
): MaybePromise<Settlement> | undefined {
  const { progress, delivery } = message;
  switch (suspicionOf(progress, delivery.attempt)) {
    case "none":
      return undefined;
    case "deadly":
      return giveUp(message, { failure: crashLooping(message), tries: 0 }, rites);
    case "suspect":
      tell(`${unsettled(message)} It is set aside for a while, and handled again.`);
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

/** A handler whose messages found its own bus stopped has not failed. The end of another bus is a failure like any. */
function isEndOfBus(failure: unknown): boolean {
  return isMessagingError(failure, "bus-stopped") || isMessagingError(failure, "closed");
}

/**
 * Whether the requester of a message would not hear of one more try: if that takes as long as the last one, it ends after
 * the requester has given up. Then the requester is told of the failure while it waits. Where it had given up before this
 * try began nobody can be told, and the message's own policy goes on.
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

/** Why a message is given up that no process survives. */
function crashLooping(message: IncomingMessage): MessagingError {
  return new MessagingError("handler-failed", {
    what: unsettled(message),
    advice: "Handling it probably ends the process: look at the crashes, then replay the dead letter.",
    messageId: message.envelope.id,
  });
}

function unsettled({ envelope, delivery, consumer }: IncomingMessage): string {
  return printable(
    `Message ${envelope.type} ${envelope.id} was delivered ${delivery.attempt} times to ${consumer.service}, most of them without an outcome.`,
  );
}
