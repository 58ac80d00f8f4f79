import type { ConfirmationRule } from "./confirmation-rule.ts";

/** Produce, of all requests (Kafka protocol guide, "The Messages"). */
const PRODUCE = 0;

/** Of an answer for one partition behind its error: base offset, time and start of the log, then how long to wait. */
const BEHIND_ERROR = 28;

/**
 * The confirmations of a Kafka client that asks for Produce in version 5 to 7, one partition in a request. A leader that does not
 * know of its office yet answers as well, with an error, and has stored nothing: that is no confirmation.
 */
export function kafkaConfirmations(): ConfirmationRule {
  const asked = new Set<number>();
  return {
    asked(bytes) {
      for (const frame of framesOf(bytes))
        if (frame.length > 8 && frame.readInt16BE(0) === PRODUCE) asked.add(frame.readInt32BE(4));
    },
    confirms: (bytes) =>
      framesOf(bytes).some((frame) => asked.has(frame.readInt32BE(0)) && errorOf(frame) === 0),
  };
}

/** What stands between the sizes; a frame of which the end is missing is left out. */
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

/** The error code of an answer that is a Produce's by its shape: numbers are given out anew on each connection. */
function errorOf(frame: Buffer): number | undefined {
  // Number of the request, one topic, its name, one partition, its number, the error.
  if (frame.length < 10 || frame.readInt32BE(4) !== 1) return undefined;
  const error = 10 + frame.readInt16BE(8) + 8;
  return frame.length === error + 2 + BEHIND_ERROR ? frame.readInt16BE(error) : undefined;
}
