import type { Headers } from "../message/headers.ts";
import type { WireMessage } from "./wire-message.ts";

/** What becomes of a delivered message. */
export type Settlement =
  /** Handled: it is gone for this group. */
  | { readonly type: "ack" }
  /** Comes again after `delayMs`, never earlier, with one attempt more; given headers replace those of the same name. */
  | { readonly type: "retry"; readonly delayMs: number; readonly headers?: Headers }
  /** Stored among the group's dead letters, body and headers untouched, `headers` added; then gone from its source. */
  | { readonly type: "dead-letter"; readonly headers: Headers }
  /** Given back as if it had not been delivered: on drain, and when the handler was stopped. Counts no attempt where the broker allows. */
  | { readonly type: "release" };

/** One message handed to one member. */
export interface Delivery {
  readonly message: WireMessage;
  /** 1 for the first delivery; every one after a `retry`, a crash or a lost connection counts one more. */
  readonly attempt: number;
  /** Who counts: `unknown` means that `attempt` may be too low. */
  readonly attemptSource: "broker" | "header" | "unknown";
  /** The lane it came by; absent for what has no order. */
  readonly lane: number | undefined;
  /** Aborts when the broker takes the message back (rebalance, destination closed, lease expired, drain's deadline). Made on first use. */
  readonly signal: AbortSignal;
}

/**
 * Called once per delivery, in lane order, concurrently up to the credit. Never throws or rejects. While its
 * promise is pending the adapter keeps the lease; once the signal has aborted, the answer is ignored.
 */
export type Deliver = (delivery: Delivery) => Promise<Settlement>;

export const ACK: Settlement = Object.freeze({ type: "ack" });
export const RELEASE: Settlement = Object.freeze({ type: "release" });
/** What an adapter takes for the answer of a consumer that threw: a pause, and one attempt more. */
export const AFTER_A_FAULT: Settlement = Object.freeze({ type: "retry", delayMs: 1_000 });
