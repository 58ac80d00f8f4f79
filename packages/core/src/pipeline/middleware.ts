import { checkOptions, type OptionKinds } from "../environment/check-options.ts";
import { MessagingError } from "../environment/messaging-error.ts";
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

/** An application's own steps, as they are given: absent ones are none. */
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

/** Middleware may be an instance of a class: it may have more than is asked for. */
function checkStep(step: unknown, where: string): void {
  const { name, run } = Object(step) as { readonly name?: unknown; readonly run?: unknown };
  if (typeof name === "string" && typeof run === "function") return;
  throw new MessagingError("invalid-option", {
    what: `middleware.${where} has no name or no function run.`,
    advice: "Give an object with a name, which explain shows, and a function run.",
  });
}
