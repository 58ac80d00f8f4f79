import type { Duration } from "../environment/duration.ts";
import type { Command, Event } from "../message/contract.ts";
import type { Envelope, ExtensionValue } from "../message/envelope.ts";
import type { InputOf, OutputOf, Schema } from "../message/schema.ts";

/** Options of one message. */
export interface SendOptions {
  /** Delivers the message after this time at the earliest. Excludes `deliverAt`. */
  readonly delay?: Duration;
  /** Delivers the message at this time at the earliest. */
  readonly deliverAt?: Date;
  /** The conversation that the message belongs to. Default: the conversation of the running handler, else a new one. */
  readonly correlationId?: string;
  /** Further CloudEvents attributes, such as `subject`. Names consist of lower-case letters and digits. */
  readonly extensions?: Readonly<Record<string, ExtensionValue>>;
}

export interface RequestOptions extends Omit<SendOptions, "delay" | "deliverAt"> {
  /** How long to wait for the reply. Default: `timeouts.request` of the bus. */
  readonly timeout?: Duration;
  /** Ends the wait when it aborts. The command may still be handled. */
  readonly signal?: AbortSignal;
}

/**
 * The three verbs of a sender. Outside of handlers `send` and `publish` resolve when the broker has stored the message.
 * Inside a handler the message is held until the handler succeeds, then stored before the handled message is acknowledged;
 * a `request` is sent at once. Messages are sent in the order of the calls, except for contracts with an asynchronous schema.
 *
 * All reject with a MessagingError: `invalid-data`, `not-serializable`, `unroutable`, `too-large`, `rejected`,
 * `not-permitted`, `delay-too-long`, `publish-timeout`, `buffer-full`, `bus-not-started`, `bus-stopped`,
 * `handler-finished`, and the errors of provisioning for a contract that is not declared.
 */
export interface Messenger {
  /** Sends a command to the service that owns it. */
  readonly send: <Data extends Schema>(
    contract: Command<Data>,
    data: InputOf<Data>,
    options?: SendOptions,
  ) => Promise<Envelope>;
  /** Publishes an event to all services that subscribe to it. */
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
