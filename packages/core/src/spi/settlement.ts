import type { Headers } from "../message/headers.ts";
import type { WireMessage } from "./wire-message.ts";

/** The outcome of a delivered message. */
export type Settlement =
  /** Handled: the message is done for this group. */
  | { readonly type: "ack" }
  /** Delivered again after `delayMs`, never earlier, with one more attempt; `headers` replace those of the same name. */
  | { readonly type: "retry"; readonly delayMs: number; readonly headers?: Headers }
  /** Stored among the group's dead letters with body and headers untouched and `headers` added, then removed from its source. */
  | { readonly type: "dead-letter"; readonly headers: Headers }
  /**
   * Returned as if it had not been delivered: on drain, and when its handler was stopped. Counts no attempt if the
   * broker allows.
   */
  | { readonly type: "release" };

/** One delivery of a message to one member. */
export interface Delivery {
  readonly message: WireMessage;
  /** 1 for the first delivery, and one more for each delivery after a `retry`, a crash or a lost connection. */
  readonly attempt: number;
  /** The source of the count; after `unknown`, `attempt` may be too low. */
  readonly attemptSource: "broker" | "header" | "unknown";
  /** The lane of the message; absent without lanes. */
  readonly lane: number | undefined;
  /**
   * Aborts when the broker takes the message back (rebalance, channel closed, lease expired, deadline of a drain).
   * Created on first use.
   */
  readonly signal: AbortSignal;
}

/**
 * The consumer of deliveries. The adapter calls it once per delivery, in lane order, concurrently up to the credit. It never
 * throws or rejects. While its promise is pending, the adapter keeps the lease; after the signal has aborted, the adapter
 * ignores the settlement.
 */
export type Deliver = (delivery: Delivery) => Promise<Settlement>;

export const ACK: Settlement = Object.freeze({ type: "ack" });
export const RELEASE: Settlement = Object.freeze({ type: "release" });
/** The settlement for a consumer that throws, against its contract: a retry. */
export const AFTER_A_FAULT: Settlement = Object.freeze({ type: "retry", delayMs: 1_000 });
