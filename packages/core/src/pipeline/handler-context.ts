import type { Contract } from "../message/contract.ts";
import type { Envelope } from "../message/envelope.ts";
import type { Messenger } from "./messenger.ts";

/** What a handler knows besides its data. Valid until the handler has finished. */
export interface HandlerContext extends Messenger {
  readonly message: Envelope;
  readonly contract: Contract;
  /** The service whose handler runs. */
  readonly service: string;
  /** Which delivery this is, 1-based; tries at once do not count. */
  readonly attempt: number;
  /** Aborts when the broker takes the message back or a stopping bus runs out of time: what the handler does then is done again elsewhere. */
  readonly signal: AbortSignal;
}
