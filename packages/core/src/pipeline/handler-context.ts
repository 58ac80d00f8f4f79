import type { Contract } from "../message/contract.ts";
import type { Envelope } from "../message/envelope.ts";
import type { Messenger } from "./messenger.ts";

/** What a handler knows besides its data. Valid until the handler has finished. */
export interface HandlerContext extends Messenger {
  readonly message: Envelope;
  readonly contract: Contract;
  /** The service whose handler runs. */
  readonly service: string;
  /**
   * Which round of its retries this is: 1, and one more after each delayed retry. Tries at once do not count, and neither
   * does what a crash, a restart or a lost connection brings back.
   */
  readonly attempt: number;
  /** Aborts when the broker takes the message back or a stopping bus runs out of time: what the handler does then is done again elsewhere. */
  readonly signal: AbortSignal;
  /**
   * Calls `listener` once, when this try is over: what the handler sent is stored and its message will be acknowledged, or
   * it failed and it is decided what becomes of the message. The place to end what was begun for the try alone; what the
   * listener throws is ignored.
   */
  readonly onFinished: (listener: () => void) => void;
}
