import { MessagingError } from "../../ground/messaging-error.ts";
import { sizeOf } from "../../message/wire-size.ts";
import { tooLarge } from "../too-large.ts";
import { ACK } from "../../spi/settlement.ts";
import type { IncomingMessage } from "../incoming-message.ts";
import type { IncomingStep } from "../incoming-step.ts";

/** Whether replies may be sent to an address: it comes with a request, from anybody. */
export type TakesReplies = (address: string) => boolean;

/** Finds the handler of the message's type. A request whose reply could not be sent is refused before it is handled. */
export function matchHandler(takesReplies: TakesReplies): IncomingStep {
  return {
    name: "match",
    run(message, next) {
      const { envelope, inlet } = message;
      const handler = inlet.handlers.get(envelope.type);
      if (handler !== undefined) {
        const { replyTo } = envelope;
        if (handler.contract.reply !== undefined && replyTo !== undefined && !takesReplies(replyTo))
          throw foreignAddress(message, replyTo);
        message.handler = handler;
        const { maxBytes } = handler.contract;
        const bytes = maxBytes === undefined ? 0 : sizeOf(message.delivery.message);
        if (maxBytes !== undefined && bytes > maxBytes)
          throw tooLarge(envelope.type, envelope.id, { bytes, maxBytes });
        return next(message);
      }
      if (inlet.skipsUnknown) return ACK;
      throw unknownType(message);
    },
  };
}

function unknownType({ envelope, inlet }: IncomingMessage): MessagingError {
  return new MessagingError("unknown-type", {
    what: `Message ${envelope.id} has type ${JSON.stringify(envelope.type)}, which service ${inlet.service} does not handle.`,
    advice: "Deploy a handler for it and replay the dead letter, or correct the sender.",
    messageId: envelope.id,
  });
}

function foreignAddress({ envelope }: IncomingMessage, address: string): MessagingError {
  return new MessagingError("foreign-reply-address", {
    what: `Request ${envelope.type} ${envelope.id} asks for its reply at ${JSON.stringify(address.slice(0, 100))}, which is no reply address of this broker's transports.`,
    advice: "It was not handled. Correct the requester.",
    messageId: envelope.id,
  });
}
