import type { MessagingError } from "../../environment/messaging-error.ts";
import type { Headers } from "../../message/headers.ts";

/** The failure of a message, from the headers of its dead letter. */
export interface Failure {
  /** An error code: `handler-failed`, `undecodable`, `unknown-type`, `invalid-message` … */
  readonly code: string;
  readonly message: string;
  /** RFC 3339. */
  readonly time: string;
  readonly service: string;
  /** How often the handler was called in all. With the defaults twelve times: three calls in each of four attempts. */
  readonly tries: number;
  /** The source of the message: `queue:name` or `topic:name`. */
  readonly source: string;
}

/** One message that could not be handled, unchanged, with its failure. */
export interface DeadLetter {
  /** The id of the dead letter, unique among the dead letters of a service. */
  readonly id: string;
  /** The type of the message; undefined when it has none or cannot be read. */
  readonly type: string | undefined;
  readonly key: string | undefined;
  readonly contentType: string;
  /** The bytes of the message. */
  readonly body: Uint8Array;
  readonly headers: Headers;
  readonly failure: Failure;
}

export interface DeadLetterOptions {
  /** Selects dead letters; all by default. Called once for each one that is read. Must return true or false. */
  readonly where?: (letter: DeadLetter) => boolean;
  /** The largest number of dead letters to read. Default 1,000. */
  readonly limit?: number;
}

/** The dead letters that were replayed, with those that were not. */
export interface Replayed extends ReadonlyArray<DeadLetter> {
  readonly notReplayed: readonly { readonly letter: DeadLetter; readonly error: MessagingError }[];
}

/**
 * The dead letters of one service, in the order of their failures. Each call receives them from the broker and holds them
 * until it resolves; another call or process does not see them meanwhile.
 */
export interface DeadLetters {
  /** Returns the selected dead letters and puts all of them back. Some brokers count this as a delivery. */
  list(options?: DeadLetterOptions): Promise<readonly DeadLetter[]>;
  /**
   * Sends the selected dead letters again to the service that failed, and to no other. A dead letter is removed once its
   * replay is stored. Returns the replayed ones. One that cannot be stored is put back and listed in `notReplayed`.
   */
  replay(options?: DeadLetterOptions): Promise<Replayed>;
  /** Removes the selected dead letters for good and returns them. */
  discard(options?: DeadLetterOptions): Promise<readonly DeadLetter[]>;
}
