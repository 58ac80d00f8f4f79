import { decode } from "../../codec/decode.ts";
import { undecodable } from "../../codec/cloudevents.ts";
import { decodePlain } from "../../codec/plain.ts";
import { STRUCTURED_JSON } from "../../codec/cloudevents-structured.ts";
import { essenceOf } from "../../codec/media-type.ts";
import { sizeOf } from "../../message/wire-size.ts";
import { tooLarge } from "../too-large.ts";
import type { Envelope } from "../../message/envelope.ts";
import type { IncomingMessage, PlainInlet } from "../incoming-message.ts";
import type { IncomingStep } from "../incoming-step.ts";

/** Makes the envelope of a message anew from its bytes: what a handler did to its data must not reach its next try. */
export type ReadEnvelope = (message: IncomingMessage) => Envelope;

/** Reads the envelope, in either mode, or what others wrote without one. */
export function decodeContent(read: ReadEnvelope): IncomingStep {
  return {
    name: "decode",
    run(message, next) {
      checkSize(message);
      message.envelope = read(message);
      return next(message);
    },
  };
}

/** Before anything is read: to read what is too large costs more than to keep it. */
function checkSize({ inlet, delivery: { message } }: IncomingMessage): void {
  const { maxBytes, skipsUnknown, handlers } = inlet;
  if (maxBytes === undefined) return;
  // On a channel that is shared with others it may be one of theirs, which is none of our business.
  if (skipsUnknown && !handlers.has(message.type ?? "")) return;
  const bytes = sizeOf(message);
  if (bytes > maxBytes) throw tooLarge(message.type ?? "A message", message.id, { bytes, maxBytes });
}

/** @param newId for a message whose writer and broker gave it none; it keeps this one over its tries */
export function readEnvelope(newId: () => string): ReadEnvelope {
  return (message) => {
    const { inlet, delivery } = message;
    if (delivery.message.unreadable !== undefined) throw undecodable(delivery.message.unreadable);
    if (inlet.plain !== undefined && essenceOf(delivery.message.contentType) !== STRUCTURED_JSON)
      return plainEnvelope(message, inlet.plain, newId);
    return decode(delivery.message, (type) => inlet.handlers.get(type)?.contract.codec);
  };
}

function plainEnvelope(
  message: IncomingMessage,
  { type, source, format }: PlainInlet,
  newId: () => string,
): Envelope {
  const { message: wire } = message.delivery;
  const id = message.isRead ? message.envelope.id : wire.id || newId();
  return decodePlain(wire, format, { id, type, source });
}
