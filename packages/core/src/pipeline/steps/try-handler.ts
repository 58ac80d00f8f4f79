import { isDeadly } from "../../recovery/decide.ts";
import { ACK } from "../../spi/settlement.ts";
import type { WireMessage } from "../../spi/wire-message.ts";
import { afterFailure, deadly, type RecoveryParts } from "../after-failure.ts";
import { ambientScope } from "../ambient-scope.ts";
import { giveUp } from "../give-up.ts";
import { HandlerScope, type Dispatcher } from "../handler-scope.ts";
import type { ReadEnvelope } from "./decode.ts";
import type { IncomingMessage } from "../incoming-message.ts";
import type { IncomingStep } from "../incoming-step.ts";
import { isLater, type MaybePromise } from "../maybe-promise.ts";

export interface TryParts {
  readonly recovery: RecoveryParts;
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
  { recovery, dispatcher, read, storeAll }: TryParts,
  tryOnce: (message: IncomingMessage) => MaybePromise<unknown>,
): IncomingStep {
  return {
    name: "try",
    async run(message) {
      if (isDeadly(message.delivery.attempt, message.handler.policy))
        return giveUp(message, { failure: deadly(message), tries: 0 }, recovery.rites);
      for (let tries = 1; ; tries++) {
        if (tries > 1) message.envelope = read(message);
        const scope = new HandlerScope(message, dispatcher);
        message.scope = scope;
        try {
          const tried = ambientScope.run(scope, tryOnce, message);
          if (isLater(tried)) await tried;
          const held = scope.close();
          if (held.length > 0) await storeAll(held);
          scope.finish();
          return ACK;
        } catch (failure) {
          scope.close();
          const settlement = await afterFailure(message, { failure, tries }, recovery);
          scope.finish();
          if (settlement !== undefined) return settlement;
        }
      }
    },
  };
}
