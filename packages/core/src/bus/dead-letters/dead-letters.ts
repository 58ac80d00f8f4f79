import type { MessagingError } from "../../environment/messaging-error.ts";
import type { Headers } from "../../message/headers.ts";

/** Why, where, when and how often a message failed, as its headers tell. */
export interface Failure {
  /** An error code: `handler-failed`, `undecodable`, `unknown-type`, `invalid-message` … */
  readonly code: string;
  readonly message: string;
  /** RFC 3339. */
  readonly time: string;
  readonly service: string;
  /** How often the handler was called in all: with the defaults twelve times, three calls in each of four deliveries. */
  readonly tries: number;
  /** Where it was read from: `queue:name` or `topic:name`. */
  readonly source: string;
}

/** One message that could not be handled: untouched, with the reason. */
export interface DeadLetter {
  /** The id it was stored under, unique among the dead letters of a service. */
  readonly id: string;
  /** The type of the message; absent where it cannot be read, or has none. */
  readonly type: string | undefined;
  readonly key: string | undefined;
  readonly contentType: string;
  /** The bytes as they came. */
  readonly body: Uint8Array;
  readonly headers: Headers;
  readonly failure: Failure;
}

export interface DeadLetterOptions {
  /** Which ones; all by default. Called once for each that is read. */
  readonly where?: (letter: DeadLetter) => boolean;
  /** How many are read at most. Default 1,000. */
  readonly limit?: number;
}

/** The letters that were replayed, and those that were not. */
export interface Replayed extends ReadonlyArray<DeadLetter> {
  readonly notReplayed: readonly { readonly letter: DeadLetter; readonly error: MessagingError }[];
}

/** The dead letters of one service, in the order of their failures. Each call reads them from the broker. */
export interface DeadLetters {
  /** Leaves them where they are. */
  list(options?: DeadLetterOptions): Promise<readonly DeadLetter[]>;
  /**
   * Sends them once more to the service that failed, and to no other. Each is gone only once it is stored there. Answers with
   * the replayed. A letter that cannot be stored is put back and named in `notReplayed`; the others go on.
   */
  replay(options?: DeadLetterOptions): Promise<Replayed>;
  /** Drops them for good. Answers with the dropped. */
  discard(options?: DeadLetterOptions): Promise<readonly DeadLetter[]>;
}
