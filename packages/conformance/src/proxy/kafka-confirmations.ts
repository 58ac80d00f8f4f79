import type { ConfirmationRule } from "./confirmation-rule.ts";

/** The API key of a Produce request (Kafka protocol guide, "The Messages"). */
const PRODUCE = 0;

/** The bytes after the error code of a response for one partition: base offset, append time, log start offset, throttle time. */
const BYTES_AFTER_ERROR = 28;

/**
 * Returns the rule for a Kafka client that sends Produce requests of version 5 to 7 for one partition. A response with an
 * error, as of a broker that does not yet know that it is the leader, confirms nothing.
 */
export function kafkaConfirmations(): ConfirmationRule {
  const asked = new Set<number>();
  return {
    observeSent(bytes) {
      for (const frame of framesOf(bytes))
        if (frame.length > 8 && frame.readInt16BE(0) === PRODUCE) asked.add(frame.readInt32BE(4));
    },
    confirms: (bytes) =>
      framesOf(bytes).some((frame) => asked.has(frame.readInt32BE(0)) && errorOf(frame) === 0),
  };
}

/** Returns the frames of a chunk; an incomplete last frame is omitted. */
function framesOf(bytes: Buffer): readonly Buffer[] {
  const frames: Buffer[] = [];
  for (let at = 0; at + 8 <= bytes.length;) {
    const end = at + 4 + bytes.readInt32BE(at);
    if (end < at + 8 || end > bytes.length) break;
    frames.push(bytes.subarray(at + 4, end));
    at = end;
  }
  return frames;
}

/** Returns the error code if the frame has the form of a Produce response: correlation ids repeat on each connection. */
function errorOf(frame: Buffer): number | undefined {
  // Correlation id, one topic, its name, one partition, its number, the error.
  if (frame.length < 10 || frame.readInt32BE(4) !== 1) return undefined;
  const error = 10 + frame.readInt16BE(8) + 8;
  return frame.length === error + 2 + BYTES_AFTER_ERROR ? frame.readInt16BE(error) : undefined;
}
