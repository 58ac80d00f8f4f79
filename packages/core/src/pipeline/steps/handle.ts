import { ACK } from "../../spi/settlement.ts";
import type { IncomingStep } from "../incoming.ts";
import type { IncomingMessage } from "../incoming-message.ts";
import type { MaybePromise } from "../maybe-promise.ts";

/** Writes the reply and gives it to the handler's scope, to leave with what the handler sent. */
export type Reply = (message: IncomingMessage, reply: unknown) => MaybePromise<unknown>;

/** Calls the handler; answers whoever asked. What a handler returns is ignored when nobody did. */
export function handleWith(reply: Reply): IncomingStep {
  return {
    name: "handle",
    async run(message) {
      const { contract, handle } = message.handler;
      const result = await handle(message.data, message.scope);
      if (
        contract.kind === "command" &&
        contract.reply !== undefined &&
        message.envelope.replyTo !== undefined
      )
        await reply(message, result);
      return ACK;
    },
  };
}
