import type { Envelope } from "./envelope.ts";
import type { Headers } from "./headers.ts";

/** A message as other systems write and read it: the broker's own parts, without an envelope. */
export interface PlainMessage {
  /** The bytes of the key: on Kafka those of the record's key. Absent: the message has no key. */
  readonly key: Uint8Array | undefined;
  /** Absent: null, which is a tombstone on Kafka. A broker without null has an empty body instead. */
  readonly value: Uint8Array | undefined;
  readonly headers: Headers;
  /** The time of writing, in milliseconds since the Unix epoch, if the broker has it. */
  readonly time: number | undefined;
}

/** The parts of a new plain message; a part that is left out is absent. */
export type PlainParts = Partial<Pick<PlainMessage, "key" | "value" | "headers">>;

/** Converts between the data of a contract and the messages of other systems. Both functions are pure. */
export interface PlainFormat<Input = unknown> {
  /**
   * Returns the data of a message, which the contract's schema checks afterwards. If it throws, the message is
   * unreadable and becomes a dead letter.
   */
  readonly read: (message: PlainMessage) => unknown;
  /**
   * Returns the message of data that the schema has accepted. `envelope` has the id, time and correlation for
   * headers.
   */
  readonly write: (data: Input, envelope: Envelope) => PlainParts;
}
