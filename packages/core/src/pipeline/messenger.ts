import type { Duration } from "../environment/duration.ts";
import type { Command, Event } from "../message/contract.ts";
import type { Envelope, ExtensionValue } from "../message/envelope.ts";
import type { InputOf, OutputOf, Schema } from "../message/schema.ts";

/** What may be said along with a message. */
export interface SendOptions {
  /** Not before this long from now. Excludes `deliverAt`. */
  readonly delay?: Duration;
  /** Not before this time. */
  readonly deliverAt?: Date;
  /** The conversation it belongs to; by default that of the running handler, else a new one. */
  readonly correlationId?: string;
  /** Further CloudEvents attributes, such as `subject`; names are lower-case letters and digits. */
  readonly extensions?: Readonly<Record<string, ExtensionValue>>;
}

export interface RequestOptions extends Omit<SendOptions, "delay" | "deliverAt"> {
  /** How long to wait for the reply. Default: the bus's `requestTimeout`. */
  readonly timeout?: Duration;
  /** Gives up when it aborts; the command may be handled all the same. */
  readonly signal?: AbortSignal;
}

/**
 * The three verbs of a sender. Outside a handler a resolved `send` or `publish` is stored by the broker. Inside
 * one it is kept until the handler succeeds, then stored before the handled message is acknowledged; a `request`
 * leaves at once. Messages leave in the order of the calls, but for contracts whose schema checks asynchronously.
 *
 * All reject with a MessagingError: `invalid-data`, `not-serializable`, `unroutable`, `too-large`, `rejected`,
 * `not-permitted`, `delay-too-long`, `publish-timeout`, `buffer-full`, `bus-not-started`, `bus-stopped`,
 * `handler-finished`, and what an undeclared destination is refused with.
 */
export interface Messenger {
  /** Tells the owner of a command to act. */
  readonly send: <Data extends Schema>(
    contract: Command<Data>,
    data: InputOf<Data>,
    options?: SendOptions,
  ) => Promise<Envelope>;
  /** Records a fact for anyone. */
  readonly publish: <Data extends Schema>(
    contract: Event<Data>,
    data: InputOf<Data>,
    options?: SendOptions,
  ) => Promise<Envelope>;
  /**
   * Sends a command and waits for its reply.
   * @throws MessagingError also `request-timeout`, `request-aborted`, `request-disconnected`, `invalid-reply`; RemoteError when the handler failed
   */
  readonly request: <Data extends Schema, Reply extends Schema>(
    contract: Command<Data, Reply>,
    data: InputOf<Data>,
    options?: RequestOptions,
  ) => Promise<OutputOf<Reply>>;
}
