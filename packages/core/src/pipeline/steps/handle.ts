import type { TryStep } from "../incoming/incoming-step.ts";
import type { IncomingMessage } from "../incoming/incoming-message.ts";
import { isLater, type MaybePromise } from "../maybe-promise.ts";

/** Writes the reply and gives it to the handler's scope, to leave with what the handler sent. */
export type Reply = (message: IncomingMessage, reply: unknown) => MaybePromise<unknown>;

/** Calls the handler; answers whoever asked. What a handler returns is ignored when nobody did. */
export function handleWith(reply: Reply): TryStep {
  return {
    name: "handle",
    run(message) {
      const { contract, handle } = message.handler;
      const result = handle(message.data, message.scope);
      const isAsked = contract.reply !== undefined && message.envelope.replyTo !== undefined;
      if (!isAsked) return result;
      if (!isLater(result)) return reply(message, result);
      // Not result.then: what only looks like a promise need not give one back.
      return Promise.resolve(result).then((value) => reply(message, value));
    },
  };
}
