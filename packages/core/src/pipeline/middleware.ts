import { checkOptions, type OptionKinds } from "../environment/check-options.ts";
import { MessagingError } from "../environment/messaging-error.ts";
import type { Contract } from "../message/contract.ts";
import type { Envelope, Intent } from "../message/envelope.ts";
import type { HandlerContext } from "./handler-context.ts";

/** An application's own step around every outgoing message. */
export interface OutgoingMiddleware {
  /** Shown by `explain`. */
  readonly name: string;
  /**
   * Called once for each message, concurrently. Must call `next` with the envelope or a changed copy of it; otherwise
   * the message fails.
   */
  readonly run: (
    envelope: Envelope,
    next: (envelope: Envelope) => Promise<void>,
    facts: OutgoingFacts,
  ) => Promise<void> | void;
}

export interface OutgoingFacts {
  readonly intent: Intent;
  /** The contract of the message; for a reply the contract of its command. */
  readonly contract: Contract;
}

/** An application's own step around every handler. Called once for each try, concurrently for different keys. */
export interface IncomingMiddleware {
  /** Shown by `explain`. */
  readonly name: string;
  /** An error fails the try, like an error of the handler. A return without a call of `next` acknowledges the message unhandled. */
  readonly run: (context: HandlerContext, next: () => Promise<void>) => Promise<void> | void;
}

/** The application's own steps of both pipelines. */
export interface Middleware {
  readonly incoming?: readonly IncomingMiddleware[];
  readonly outgoing?: readonly OutgoingMiddleware[];
}

const KINDS: OptionKinds<Middleware> = { incoming: "list", outgoing: "list" };

/** @throws MessagingError `invalid-option` */
export function checkMiddleware(given: unknown): Required<Middleware> {
  const { incoming = [], outgoing = [] } = checkOptions("middleware", given, KINDS);
  for (const [at, step] of incoming.entries()) checkStep(step, `incoming[${at}]`);
  for (const [at, step] of outgoing.entries()) checkStep(step, `outgoing[${at}]`);
  return { incoming, outgoing };
}

/** Middleware may be an instance of a class: further properties are allowed. */
function checkStep(step: unknown, where: string): void {
  const { name, run } = Object(step) as { readonly name?: unknown; readonly run?: unknown };
  if (typeof name === "string" && typeof run === "function") return;
  throw new MessagingError("invalid-option", {
    what: `The option middleware.${where} has no name or no function run.`,
    advice: "Give an object with a name, which explain prints, and a function run.",
  });
}
