import type { ChannelModel } from "amqplib";

/** The parts of amqplib's connection that read frames. They are private: without them the guard does nothing. */
interface Receiver {
  /** The received bytes that amqplib has not read yet. */
  rest: Buffer;
  recvFrame(): unknown;
}

/** The offset of a frame's payload, after type, channel and size (AMQP 0-9-1 §2.3.5). */
const PAYLOAD_AT = 7;
const HEADER_FRAME = 2;
/** The class of content headers (AMQP 0-9-1 §1.8: basic). */
const BASIC = 60;
/** The offset of the properties in a content header, after class, weight, body size and flags. */
const PROPERTIES_AT = 14;
/** The largest number of bytes of unreadable properties that the adapter keeps. */
const MAX_KEPT = 40_000;

/**
 * Keeps a connection alive when amqplib cannot read the properties of a message, such as a header table that is nested
 * too deeply for its parser. amqplib would close the connection, and RabbitMQ would deliver the same poison message first on
 * every next one, so that no consumer of the process could make progress. The guard delivers the message without its
 * properties, with their bytes in the header `unreadable-properties`.
 */
export function guardFrames(model: ChannelModel): void {
  const receiver = model.connection as unknown as Partial<Receiver>;
  const { recvFrame } = receiver;
  if (typeof recvFrame !== "function" || !Buffer.isBuffer(receiver.rest)) return;
  const guarded = receiver as Receiver;
  // amqplib calls this again after each read from the socket. It removes a frame from `rest` before it reads its fields.
  guarded.recvFrame = () => {
    const before = guarded.rest;
    try {
      return recvFrame.call(guarded);
    } catch (error) {
      const frame = withoutProperties(before.subarray(0, before.length - guarded.rest.length));
      if (frame === undefined) throw error;
      return frame;
    }
  };
}

/** Returns the content header without its properties, in the form in which amqplib reads it; undefined for another frame. */
function withoutProperties(raw: Buffer): object | undefined {
  if (raw.length < PAYLOAD_AT + PROPERTIES_AT || raw[0] !== HEADER_FRAME) return undefined;
  const payload = raw.subarray(PAYLOAD_AT, -1);
  if (payload.readUInt16BE(0) !== BASIC) return undefined;
  const properties = payload.subarray(PROPERTIES_AT, PROPERTIES_AT + MAX_KEPT);
  const text = `base64:${properties.toString("base64")}`;
  return {
    id: BASIC,
    channel: raw.readUInt16BE(1),
    size: Number(payload.readBigUInt64BE(4)),
    fields: { headers: { "unreadable-properties": text } },
  };
}
