import { MessagingError } from "../../ground/messaging-error.ts";
import { sizeOf } from "../../message/wire-size.ts";
import { tooLarge } from "../too-large.ts";
import { ACK } from "../../spi/settlement.ts";
import type { IncomingStep } from "../incoming-step.ts";

/** Finds the handler of the message's type. */
export const matchHandler: IncomingStep = {
  name: "match",
  run(message, next) {
    const { envelope, inlet } = message;
    const handler = inlet.handlers.get(envelope.type);
    if (handler !== undefined) {
      message.handler = handler;
      const { maxBytes } = handler.contract;
      const bytes = maxBytes === undefined ? 0 : sizeOf(message.delivery.message);
      if (maxBytes !== undefined && bytes > maxBytes)
        throw tooLarge(envelope.type, envelope.id, { bytes, maxBytes });
      return next(message);
    }
    if (inlet.skipsUnknown) return ACK;
    throw new MessagingError("unknown-type", {
      what: `Message ${envelope.id} has type ${JSON.stringify(envelope.type)}, which service ${inlet.service} does not handle.`,
      advice: "Deploy a handler for it and replay the dead letter, or correct the sender.",
      messageId: envelope.id,
    });
  },
};
