import type { WireMessage } from "../../spi/wire-message.ts";
import { ambientScope } from "../ambient-scope.ts";
import { HandlerScope, type Dispatcher } from "../handler-scope.ts";
import type { IncomingStep } from "../incoming.ts";

export interface CollectParts {
  readonly dispatcher: Dispatcher;
  /** Stores all or rejects; only then is the handled message acknowledged. */
  readonly storeAll: (messages: readonly WireMessage[]) => Promise<void>;
}

/** Holds what the handler sends until it has succeeded, then stores it: all of it, or none and the try has failed. */
export function collectWith({ dispatcher, storeAll }: CollectParts): IncomingStep {
  return {
    name: "collect",
    async run(message, next) {
      const scope = new HandlerScope({
        message: message.envelope,
        contract: message.handler.contract,
        service: message.inlet.service,
        delivery: message.delivery,
        dispatcher,
      });
      message.scope = scope;
      try {
        const settlement = await ambientScope.run(scope, () => next(message));
        const held = scope.close();
        if (held.length > 0) await storeAll(held);
        return settlement;
      } finally {
        scope.close();
      }
    },
  };
}
