import type { Envelope } from "./envelope.ts";
import type { Headers } from "./headers.ts";

/** A message as others write and read it: no envelope, nothing but what the broker itself has. */
export interface PlainMessage {
  /** The key's bytes: on Kafka those of the record's key. Absent: it has none. */
  readonly key: Uint8Array | undefined;
  /** Absent: null, which on Kafka is a tombstone. A broker that has no null has an empty body instead. */
  readonly value: Uint8Array | undefined;
  readonly headers: Headers;
  /** When it was written, in milliseconds since the Unix epoch, where the broker says so. */
  readonly time: number | undefined;
}

/** What becomes a plain message; what is left out is absent. */
export type PlainParts = Partial<Pick<PlainMessage, "key" | "value" | "headers">>;

/** How the data of a contract looks on a queue or topic that others use too. Both functions are pure. */
export interface PlainFormat<Input = unknown> {
  /** The data of a message, which the contract's schema then checks. Whatever it throws makes the message unreadable: a dead letter. */
  readonly read: (message: PlainMessage) => unknown;
  /** The message for data that the schema has accepted. `envelope` has what a header may want to tell: id, time, conversation. */
  readonly write: (data: Input, envelope: Envelope) => PlainParts;
}
