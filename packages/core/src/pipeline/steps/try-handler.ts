import { failureHeaders } from "../../recovery/failure-headers.ts";
import { ACK, RELEASE, type Settlement } from "../../spi/settlement.ts";
import type { WireMessage } from "../../spi/wire-message.ts";
import { afterFailure, beforeStart, type RecoveryParts } from "../incoming/after-failure.ts";
import { ambientScope } from "../incoming/ambient-scope.ts";
import { HandlerScope, type Dispatcher } from "../incoming/handler-scope.ts";
import type { ReadEnvelope } from "./decode.ts";
import type { IncomingMessage } from "../incoming/incoming-message.ts";
import type { IncomingStep } from "../incoming/incoming-step.ts";
import type { Interruptions } from "../incoming/interruptions.ts";
import { isLater, type MaybePromise } from "../maybe-promise.ts";

export interface TryParts {
  readonly recovery: RecoveryParts;
  readonly interruptions: Interruptions;
  readonly dispatcher: Dispatcher;
  readonly read: ReadEnvelope;
  /** Stores all or rejects; only then is the handled message acknowledged. */
  readonly storeAll: (messages: readonly WireMessage[]) => Promise<void>;
}

/**
 * Tries the handler until it succeeds or is given up. Holds what it sends until then and stores it: all of it, or
 * the try has failed. Never rejects: its answer is what becomes of the message. One function, for its promise is
 * most of what a message costs.
 */
export function tryHandler(
  { recovery, interruptions, dispatcher, read, storeAll }: TryParts,
  tryOnce: (message: IncomingMessage) => MaybePromise<unknown>,
): IncomingStep {
  const { clock, rites } = recovery;
  return {
    name: "try",
    async run(message) {
      try {
        const refused = beforeStart(message, recovery);
        if (refused !== undefined) return await refused;
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
        return lastResort(message, unexpected, rites.time());
      }
    },
  };
}

/** Whatever went wrong while a failure was judged: the message is kept, with the reason, and its key goes on. */
function lastResort({ consumer, delivery }: IncomingMessage, failure: unknown, time: string): Settlement {
  const place = { source: consumer.source, lane: delivery.lane, time, tries: 0 };
  return { type: "dead-letter", headers: failureHeaders(failure, place) };
}
