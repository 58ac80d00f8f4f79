import type { Contract } from "../message/contract.ts";
import type { Envelope } from "../message/envelope.ts";
import type { Messenger } from "./messenger.ts";

/** The context of one handler call. Valid until the handler has finished. */
export interface HandlerContext extends Messenger {
  readonly message: Envelope;
  readonly contract: Contract;
  /** The service whose handler runs. */
  readonly service: string;
  /**
   * The attempt: 1, and one more after each delayed retry. Immediate retries do not count, nor do redeliveries after a
   * crash, a restart or a lost connection.
   */
  readonly attempt: number;
  /** Aborts when the broker takes the message back or a stopping bus reaches its deadline: the message is then handled again elsewhere. */
  readonly signal: AbortSignal;
  /**
   * Calls `listener` once when this try is over: its messages are stored and the handled message will be acknowledged, or it
   * failed and its settlement is decided. Release the resources of the try there. An error of the listener is ignored.
   */
  readonly onFinished: (listener: () => void) => void;
}
