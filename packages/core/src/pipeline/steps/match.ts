import { MessagingError } from "../../environment/messaging-error.ts";
import { ACK } from "../../spi/settlement.ts";
import { checkSize } from "../check-size.ts";
import type { IncomingMessage, IncomingStep } from "../incoming/incoming-message.ts";

/** Returns whether replies may be sent to an address. The address comes with a request, which any process may send. */
export type TakesReplies = (address: string) => boolean;

/** Finds the handler of a message by its type. Refuses a request whose reply could not be sent, before it is handled. */
export function matchHandler(takesReplies: TakesReplies): IncomingStep {
  return {
    name: "match",
    run(message, next) {
      const { envelope, consumer, delivery } = message;
      const handler = consumer.handlers.get(envelope.type);
      if (handler !== undefined) {
        const { replyTo } = envelope;
        if (handler.contract.reply !== undefined && replyTo !== undefined && !takesReplies(replyTo))
          throw foreignAddress(message, replyTo);
        message.handler = handler;
        checkSize(delivery.message, handler.contract.maxBytes, envelope);
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
    what: `Request ${envelope.type} ${envelope.id} has the reply address ${JSON.stringify(address.slice(0, 100))}, which no transport of this broker created.`,
    advice: "The request was not handled. Correct the requester.",
    messageId: envelope.id,
  });
}
