import { decode } from "../../codec/decode.ts";
import { undecodable } from "../../codec/cloudevents.ts";
import { decodePlain } from "../../codec/plain.ts";
import { STRUCTURED_JSON } from "../../codec/cloudevents-structured.ts";
import { essenceOf } from "../../codec/media-type.ts";
import type { Envelope } from "../../message/envelope.ts";
import { checkSize } from "../check-size.ts";
import type { IncomingMessage, IncomingStep, PlainConsumer } from "../incoming/incoming-message.ts";

/** Reads the envelope of a message from its bytes. Each try reads it again, without the changes of an earlier handler call. */
export type ReadEnvelope = (message: IncomingMessage) => Envelope;

/** Reads the envelope, in structured or binary mode, or a plain message without one. */
export function decodeContent(read: ReadEnvelope): IncomingStep {
  return {
    name: "decode",
    run(message, next) {
      const { consumer, delivery } = message;
      // The size is checked first: reading a message that is too large costs more than dead-lettering it.
      const { maxBytes } = consumer;
      if (maxBytes !== undefined && !belongsToOthers(message))
        checkSize(delivery.message, maxBytes, delivery.message);
      message.envelope = read(message);
      return next(message);
    },
  };
}

/** Whether the message may be one of other services on a shared topic: its size is not our concern. */
function belongsToOthers({ consumer, delivery }: IncomingMessage): boolean {
  return consumer.skipsUnknown && !consumer.handlers.has(delivery.message.type ?? "");
}

/** @param newId creates an id for a plain message without one; the message keeps it over its tries */
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
