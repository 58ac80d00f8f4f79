/** The value of a CloudEvents extension attribute (CloudEvents 1.0 §2.2; times, URIs and binary travel as text). */
export type ExtensionValue = string | number | boolean;

/** A message: its attributes and its data. Immutable. */
export interface Envelope<Data = unknown> {
  /** Unique together with {@link source}; ours are UUIDs. */
  readonly id: string;
  /** The sender: for our messages, the name of the bus or service. */
  readonly source: string;
  /** The name of its contract. */
  readonly type: string;
  /** The time of sending, RFC 3339; absent on some messages of other systems. */
  readonly time: string | undefined;
  /** The conversation that it belongs to. */
  readonly correlationId: string | undefined;
  /** The message whose handler sent it; absent if no handler sent it. */
  readonly causationId: string | undefined;
  /** The key of its order: messages with equal keys are handled one after the other. */
  readonly partitionKey: string | undefined;
  /** The address of the reply: opaque, created by a transport. */
  readonly replyTo: string | undefined;
  /** Every other CloudEvents attribute, `subject`, `dataschema` and `traceparent` among them. */
  readonly extensions: Readonly<Record<string, ExtensionValue>>;
  readonly data: Data;
}

/** The purpose of a message: a command, an event, a command with a reply, the reply, or the failure of a request. */
export type Intent = "send" | "publish" | "request" | "reply" | "failure";
