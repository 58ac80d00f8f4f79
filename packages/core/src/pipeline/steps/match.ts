import { MessagingError } from "../../environment/messaging-error.ts";
import { sizeOf } from "../../message/wire-size.ts";
import { tooLarge } from "../outgoing/too-large.ts";
import { ACK } from "../../spi/settlement.ts";
import type { IncomingMessage } from "../incoming/incoming-message.ts";
import type { IncomingStep } from "../incoming/incoming-step.ts";

/** Whether replies may be sent to an address: it comes with a request, from anybody. */
export type TakesReplies = (address: string) => boolean;

/** Finds the handler of the message's type. A request whose reply could not be sent is refused before it is handled. */
export function matchHandler(takesReplies: TakesReplies): IncomingStep {
  return {
    name: "match",
    run(message, next) {
      const { envelope, consumer } = message;
      const handler = consumer.handlers.get(envelope.type);
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
      if (consumer.skipsUnknown) return ACK;
      throw unknownType(message);
    },
  };
}

function unknownType({ envelope, consumer }: IncomingMessage): MessagingError {
  return new MessagingError("unknown-type", {
    what: `Message ${envelope.id} has type ${JSON.stringify(envelope.type)}, which service ${consumer.service} does not handle.`,
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
