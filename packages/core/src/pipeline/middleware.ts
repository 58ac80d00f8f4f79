import type { Contract } from "../message/contract.ts";
import type { Envelope } from "../message/envelope.ts";
import type { Intent } from "../message/intent.ts";
import type { HandlerContext } from "./handler-context.ts";

/** An application's own step around every message that leaves. */
export interface OutgoingMiddleware {
  /** Shown by `explain`. */
  readonly name: string;
  /** Called once per message, concurrently. Passes on the envelope or a changed copy; not calling `next` with one is an error. */
  readonly run: (
    envelope: Envelope,
    next: (envelope: Envelope) => Promise<void>,
    facts: OutgoingFacts,
  ) => Promise<void> | void;
}

export interface OutgoingFacts {
  readonly intent: Intent;
  /** The contract sent or, for a reply, answered. */
  readonly contract: Contract;
}

/** An application's own step around every handler: once per try, concurrently for different keys. */
export interface IncomingMiddleware {
  /** Shown by `explain`. */
  readonly name: string;
  /** What it throws fails the try as if the handler had; returning without `next` settles the message unhandled. */
  readonly run: (context: HandlerContext, next: () => Promise<void>) => Promise<void> | void;
}
