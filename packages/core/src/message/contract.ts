import type { Duration } from "../environment/duration.ts";
import type { Codec } from "./codec.ts";
import type { PlainFormat } from "./plain-format.ts";
import type { InputOf, OutputOf, Schema } from "./schema.ts";

/** The form of a CloudEvent: one JSON document, or the data's own bytes with the attributes in headers. */
export type ContentMode = "structured" | "binary";

/** The options that commands and events have in common. */
export interface ContractOptions<Data extends Schema> {
  /**
   * The schema of the data, checked by sender and receiver. The message contains the schema's input; the handler
   * gets its output.
   */
  readonly data: Data;
  /**
   * Returns the key of data. Messages with equal keys are handled one after the other; without a key there is no
   * order.
   */
  readonly key?: (data: OutputOf<Data>) => string;
  /**
   * The number of lanes, over which the keys are distributed; needs `key` or `plain`. Sender and receiver must agree.
   * Default 4.
   */
  readonly lanes?: number;
  /**
   * The name of the destination. Contracts with the same destination share its order. Default: the contract's name.
   */
  readonly destination?: string;
  /** The codec of data that is not JSON; implies binary mode. */
  readonly codec?: Codec;
  /** `binary` suits readers that expect the bare data. Default `structured`. */
  readonly mode?: ContentMode;
  /**
   * The most bytes of a message, body and headers together. The sender refuses a larger message; the receiver makes it a dead
   * letter without reading it. Default: the broker's limit.
   */
  readonly maxBytes?: number;
  /**
   * Converts messages of a queue or topic that other systems write or read without an envelope. Such a destination has messages
   * of this contract only, without causation and replies. Keys keep their order over `lanes`, if given; on Kafka these are the
   * topic's partitions.
   */
  readonly plain?: PlainFormat<InputOf<Data>>;
}

export interface CommandOptions<
  Data extends Schema,
  Reply extends Schema | undefined,
> extends ContractOptions<Data> {
  /** The schema of the reply. A command without it cannot be requested. */
  readonly reply?: Reply;
}

export interface EventOptions<Data extends Schema> extends ContractOptions<Data> {
  /** How long the broker keeps the history for later groups. */
  readonly retain?: Duration;
}

/** The properties of any contract. */
export interface ContractFacts {
  readonly kind: "command" | "event";
  /** The message type on the wire. */
  readonly name: string;
  /** The name of the destination. */
  readonly destination: string;
  readonly data: Schema;
  /** The number of lanes; undefined for a contract without a key. */
  readonly lanes: number | undefined;
  readonly codec: Codec | undefined;
  readonly mode: ContentMode;
  readonly plain: PlainFormat | undefined;
  /** The most bytes of a message, body and headers together; undefined: the broker's limit. */
  readonly maxBytes: number | undefined;
  /** The schema of the reply; undefined for a command without one. */
  readonly reply: Schema | undefined;
  /** The milliseconds that the broker keeps the history of an event; undefined: none. */
  readonly retainMs: number | undefined;
  /** Returns the key of validated data; throws the error of the contract's own function. */
  readonly keyOf: ((data: unknown) => unknown) | undefined;
}

/** A message that tells one owner to act, and that may have a reply. */
export interface Command<
  Data extends Schema = Schema,
  Reply extends Schema | undefined = Schema | undefined,
> extends ContractFacts {
  readonly kind: "command";
  readonly data: Data;
  readonly reply: Reply;
  readonly retainMs: undefined;
}

/** A message that records a fact for any number of groups. */
export interface Event<Data extends Schema = Schema> extends ContractFacts {
  readonly kind: "event";
  readonly data: Data;
  readonly reply: undefined;
}

export type Contract = Command | Event;

/**
 * The data that the handler of a contract gets: `DataOf<typeof PlaceOrder>`. The data of a sender is
 * `InputOf<typeof PlaceOrder.data>`.
 */
export type DataOf<Of extends Contract> = OutputOf<Of["data"]>;

/** The reply of the handler of a command: `ReplyOf<typeof PlaceOrder>`; `void` for a command without a reply. */
export type ReplyOf<Of extends Contract> = Of["reply"] extends Schema ? InputOf<Of["reply"]> : void;
