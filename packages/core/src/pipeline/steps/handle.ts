import type { IncomingMessage, TryStep } from "../incoming/incoming-message.ts";
import { isLater, type MaybePromise } from "../maybe-promise.ts";

/** Encodes the reply. The handler's scope holds it, and it is stored together with the handler's other messages. */
export type Reply = (message: IncomingMessage, reply: unknown) => MaybePromise<unknown>;

/** Calls the handler and replies to a request. The result of a handler is ignored when the message is no request. */
export function handleWith(reply: Reply): TryStep {
  return {
    name: "handle",
    run(message) {
      const { contract, handle } = message.handler;
      const result = handle(message.data, message.scope);
      const isRequest = contract.reply !== undefined && message.envelope.replyTo !== undefined;
      if (!isRequest) return result;
      if (!isLater(result)) return reply(message, result);
      // Promise.resolve, because the `then` of another promise library may return no promise.
      return Promise.resolve(result).then((value) => reply(message, value));
    },
  };
}
