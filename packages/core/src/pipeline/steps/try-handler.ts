import { failureHeaders } from "../../recovery/failure-headers.ts";
import { ACK, RELEASE, type Settlement } from "../../spi/settlement.ts";
import type { WireMessage } from "../../spi/wire-message.ts";
import { afterFailure, beforeStart, type RecoveryParts } from "../incoming/after-failure.ts";
import { ambientScope, HandlerScope, type Dispatcher } from "../incoming/handler-scope.ts";
import type { ReadEnvelope } from "./decode.ts";
import type { IncomingMessage, IncomingStep } from "../incoming/incoming-message.ts";
import type { Interruptions } from "../incoming/interruptions.ts";
import { isLater, type MaybePromise } from "../maybe-promise.ts";

export interface TryParts {
  readonly recovery: RecoveryParts;
  readonly interruptions: Interruptions;
  readonly dispatcher: Dispatcher;
  readonly read: ReadEnvelope;
  /** Stores all messages or rejects. The handled message is acknowledged after that. */
  readonly storeAll: (messages: readonly WireMessage[]) => Promise<void>;
}

/**
 * Calls the handler until it succeeds or its message becomes a delayed retry or a dead letter. The outgoing
 * messages of a try are stored when it succeeds; when one cannot be stored, the try has failed. Resolves with the
 * settlement and never rejects. It is one async function, because a promise is the largest part of the cost of a
 * message.
 */
export function tryHandler(
  { recovery, interruptions, dispatcher, read, storeAll }: TryParts,
  tryOnce: (message: IncomingMessage) => MaybePromise<unknown>,
): IncomingStep {
  const { clock, giveUpServices } = recovery;
  return {
    name: "try",
    async run(message) {
      try {
        const poisoned = beforeStart(message, recovery);
        if (poisoned !== undefined) return await poisoned;
        const pause = interruptions.pause(message);
        if (pause !== undefined) {
          await pause;
          if (message.delivery.signal.aborted || recovery.isStopping()) return RELEASE;
        }
        for (let tries = 1; ; tries++) {
          const scope = new HandlerScope(message, dispatcher);
          message.scope = scope;
          const since = message.envelope.replyTo === undefined ? 0 : clock.now();
          try {
            if (tries > 1) message.envelope = read(message);
            const tried = ambientScope.run(scope, tryOnce, message);
            if (isLater(tried)) await tried;
            const held = scope.close();
            if (held.length > 0) await storeAll(held);
            scope.finish();
            interruptions.forget(message);
            return ACK;
          } catch (failure) {
            scope.close();
            const settlement = await afterFailure(message, { failure, tries, since }, recovery);
            scope.finish();
            if (settlement === RELEASE && !recovery.isStopping()) interruptions.note(message);
            if (settlement !== undefined) return settlement;
          }
        }
      } catch (unexpected) {
        return deadLetterAfter(unexpected, message, giveUpServices.time());
      }
    },
  };
}

/**
 * Returns the dead-letter settlement of a message whose recovery itself failed: the message is kept, and its key is
 * not blocked.
 */
function deadLetterAfter(
  failure: unknown,
  { consumer, delivery }: IncomingMessage,
  time: string,
): Settlement {
  const facts = { source: consumer.source, lane: delivery.lane, time, tries: 0 };
  return { type: "dead-letter", headers: failureHeaders(failure, facts) };
}
