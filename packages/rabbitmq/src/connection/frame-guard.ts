import type { ChannelModel } from "amqplib";

/** The parts of amqplib's connection that take frames in. They are not public: where they are missing, nothing is guarded. */
interface Receiver {
  /** What has come and was not taken yet. */
  rest: Buffer;
  recvFrame(): unknown;
}

/** AMQP 0-9-1 §2.3.5: type, channel and size stand before the payload of a frame. */
const PAYLOAD_AT = 7;
const HEADER_FRAME = 2;
/** AMQP 0-9-1 §1.8: class basic, whose content headers amqplib knows by this number. */
const BASIC = 60;
/** Class, weight, the size of the body, and the flags stand before the properties of a content header. */
const PROPERTIES_AT = 14;
/** So much of unreadable properties is kept as text. */
const MOST_KEPT = 40_000;

/**
 * Keeps a connection alive when amqplib cannot read the properties of a message, such as a header table that is nested
 * too deeply for its parser. amqplib gives the connection up then; the broker would deliver the same message first on the next
 * one, again and again, and every consumer of the process would stand still. Here the message comes without its
 * properties, and their bytes as the header `unreadable-properties`.
 */
export function guardFrames(model: ChannelModel): void {
  const receiver = model.connection as unknown as Partial<Receiver>;
  const { recvFrame } = receiver;
  if (typeof recvFrame !== "function" || !Buffer.isBuffer(receiver.rest)) return;
  const guarded = receiver as Receiver;
  // amqplib calls this once more when it has read from the socket, and takes a frame off `rest` before it reads its fields.
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

/** A content header as amqplib reads it, where the raw frame is one. */
function withoutProperties(raw: Buffer): object | undefined {
  if (raw.length < PAYLOAD_AT + PROPERTIES_AT || raw[0] !== HEADER_FRAME) return undefined;
  const payload = raw.subarray(PAYLOAD_AT, -1);
  if (payload.readUInt16BE(0) !== BASIC) return undefined;
  const properties = payload.subarray(PROPERTIES_AT, PROPERTIES_AT + MOST_KEPT);
  const text = `base64:${properties.toString("base64")}`;
  return {
    id: BASIC,
    channel: raw.readUInt16BE(1),
    size: Number(payload.readBigUInt64BE(4)),
    fields: { headers: { "unreadable-properties": text } },
  };
}
