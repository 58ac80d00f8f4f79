import { decode } from "../../codec/decode.ts";
import type { Envelope } from "../../message/envelope.ts";
import type { IncomingMessage } from "../incoming-message.ts";
import type { IncomingStep } from "../incoming-step.ts";

/** Reads the envelope, in either mode. */
export const decodeContent: IncomingStep = {
  name: "decode",
  run(message, next) {
    message.envelope = envelopeOf(message);
    return next(message);
  },
};

/** The envelope anew from the bytes: what a handler did to its data must not reach its next try. */
export function envelopeOf({ inlet, delivery }: IncomingMessage): Envelope {
  return decode(delivery.message, (type) => inlet.handlers.get(type)?.contract.codec);
}
