import { decode } from "../../codec/decode.ts";
import { undecodable } from "../../codec/cloudevents.ts";
import { decodePlain } from "../../codec/plain.ts";
import { STRUCTURED_JSON } from "../../codec/cloudevents-structured.ts";
import { essenceOf } from "../../codec/media-type.ts";
import { sizeOf } from "../../message/wire-size.ts";
import { tooLarge } from "../outgoing/too-large.ts";
import type { Envelope } from "../../message/envelope.ts";
import type { IncomingMessage, PlainConsumer } from "../incoming/incoming-message.ts";
import type { IncomingStep } from "../incoming/incoming-step.ts";

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
function checkSize({ consumer, delivery: { message } }: IncomingMessage): void {
  const { maxBytes, skipsUnknown, handlers } = consumer;
  if (maxBytes === undefined) return;
  // On a destination that is shared with others it may be one of theirs, which is none of our business.
  if (skipsUnknown && !handlers.has(message.type ?? "")) return;
  const bytes = sizeOf(message);
  if (bytes > maxBytes) throw tooLarge(message.type ?? "A message", message.id, { bytes, maxBytes });
}

/** @param newId for a message whose writer and broker gave it none; it keeps this one over its tries */
export function readEnvelope(newId: () => string): ReadEnvelope {
  return (message) => {
    const { consumer, delivery } = message;
    if (delivery.message.unreadable !== undefined) throw undecodable(delivery.message.unreadable);
    if (consumer.plain !== undefined && essenceOf(delivery.message.contentType) !== STRUCTURED_JSON)
      return plainEnvelope(message, consumer.plain, newId);
    return decode(delivery.message, (type) => consumer.handlers.get(type)?.contract.codec);
  };
}

function plainEnvelope(
  message: IncomingMessage,
  { type, source, format }: PlainConsumer,
  newId: () => string,
): Envelope {
  const { message: wire } = message.delivery;
  const id = message.isRead ? message.envelope.id : wire.id || newId();
  return decodePlain(wire, format, { id, type, source });
}
