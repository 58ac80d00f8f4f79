import type { WireContent, PlainRecord } from "../message/wire-content.ts";
import type { Destination } from "./destination.ts";

/** A message as a transport carries it. All properties but the last two are always present: one shape is faster. */
export interface WireMessage extends WireContent {
  /** The id of this message: a resend has the same id, by which brokers de-duplicate. */
  readonly id: string;
  readonly destination: Destination;
  /** The contract's name, for the broker's own tools; reading the message does not need it. */
  readonly type: string | undefined;
  /** The conversation, for the broker's own tools; reading the message does not need it. */
  readonly correlationId: string | undefined;
  /** The partition key, if the contract has one. */
  readonly key: string | undefined;
  /** The lane, which core computes from the key; absent without order. */
  readonly lane: number | undefined;
  /** The earliest time of delivery, in milliseconds since the Unix epoch; absolute, so that a resend does not postpone it. */
  readonly deliverAt: number | undefined;
  /**
   * Present on a plain message, which other systems write or read. A broker that supports keys of bytes, null bodies
   * and times stores these parts, the body and the headers, and nothing else; any other broker stores `key` as usual.
   */
  readonly record?: PlainRecord | undefined;
  /**
   * The reason, as half a sentence, of a message that the adapter could not read. Core makes it a dead letter with this
   * reason; its body has the bytes that the broker stores.
   */
  readonly unreadable?: string | undefined;
}
