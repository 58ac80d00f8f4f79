import type { WireContent, PlainRecord } from "../message/wire-content.ts";
import type { Destination } from "./destination.ts";

/** A message as a transport carries it. Every property but `record` is always present, so that all have one shape. */
export interface WireMessage extends WireContent {
  /** Identifies this sending: a resend has the same id, and brokers that de-duplicate do it by this. */
  readonly id: string;
  readonly destination: Destination;
  /** The contract's name, for the broker's own tools; never needed to read the message. */
  readonly type: string | undefined;
  /** The conversation, for the broker's own tools; never needed to read the message. */
  readonly correlationId: string | undefined;
  /** The partition key, where the contract has one. */
  readonly key: string | undefined;
  /** Which of the destination's lanes, computed by core from the key; absent for what has no order. */
  readonly lane: number | undefined;
  /** Not before this time (milliseconds since the Unix epoch); absolute, so that a resend does not postpone. */
  readonly deliverAt: number | undefined;
  /**
   * Present on a message that others read as well, or that others wrote: a broker that has keys of bytes, null bodies
   * and times writes these, and nothing beside body and headers; one that has none of it writes `key` as it always does.
   */
  readonly record?: PlainRecord | undefined;
  /**
   * Present on a message that the adapter could not read: why, as half a sentence. Core makes it a dead letter with this reason;
   * the body is what the broker holds.
   */
  readonly unreadable?: string | undefined;
}
