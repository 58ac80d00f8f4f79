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
   * Which delivery this is, from 1: each delayed retry is one more. Tries at once do not count; `tries` of a dead letter
   * counts them too, because it counts calls of the handler.
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
