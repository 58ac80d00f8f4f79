/** The value of a CloudEvents extension attribute (CloudEvents 1.0 §2.2; times, URIs and binary travel as text). */
export type ExtensionValue = string | number | boolean;

/** A message: what is known about it, and its data. Never changed once made. */
export interface Envelope<Data = unknown> {
  /** Unique together with {@link source}; ours are UUIDs. */
  readonly id: string;
  /** Who sent it: ours is the name of the bus or service. */
  readonly source: string;
  /** Which contract it follows. */
  readonly type: string;
  /** When it was sent, RFC 3339; absent on some foreign messages. */
  readonly time: string | undefined;
  /** The conversation it belongs to. */
  readonly correlationId: string | undefined;
  /** The message whose handler sent it; absent when no handler did. */
  readonly causationId: string | undefined;
  /** What keeps its order: equal keys are handled one after the other. */
  readonly partitionKey: string | undefined;
  /** Where the reply goes: opaque, minted by a transport. */
  readonly replyTo: string | undefined;
  /** Every other CloudEvents attribute, `subject`, `dataschema` and `traceparent` among them. */
  readonly extensions: Readonly<Record<string, ExtensionValue>>;
  readonly data: Data;
}

/** What a message is sent for: a command, an event, a command that wants an answer, its answer, or its failure. */
export type Intent = "send" | "publish" | "request" | "reply" | "failure";
