import type { Cancel, Clock } from "../../environment/clock.ts";
import { MessagingError } from "../../environment/messaging-error.ts";
import type { Envelope } from "../../message/envelope.ts";

/** One request that waits for its reply. */
export interface PendingRequest {
  readonly id: string;
  /** The command's name, for people. */
  readonly command: string;
  readonly timeoutMs: number;
  readonly signal: AbortSignal | undefined;
  /** Sent from a handler, which a stopping bus still lets finish. */
  readonly isFromHandler: boolean;
  /** Its reply is there and is being checked: another reply is late. */
  readonly isAnswered?: boolean;
  /** Whether it waits in this process, and the broker does not have it. */
  readonly isKept: () => boolean;
  /** Takes it back if it has not left: it never will. Answers whether the broker may have it all the same. */
  readonly withdraw: () => boolean;
  /** Called once, with the reply or with why there is none. */
  readonly onOutcome: (outcome: Envelope | MessagingError) => void;
}

/** Why a request ends without a reply. @param maybeStored whether the broker may have it */
export type FailureOf = (request: PendingRequest, maybeStored: boolean) => MessagingError;

/** A request, and what ends its wait without a reply. */
interface Pending {
  readonly request: PendingRequest;
  readonly cancel: Cancel;
  readonly abort: (() => void) | undefined;
  /** Another that waits for the same reply. */
  next: Pending | undefined;
}

/**
 * The requests of one bus that wait, by the id of the request: the causation id of its reply. Several may wait under one
 * id: a handler that is tried again, while its last try still waits, asks the same under the same id. One reply answers all.
 */
export class PendingReplies {
  readonly #clock: Clock;
  readonly #pending = new Map<string, Pending>();
  #size = 0;
  /** Replies that nobody waited for any more. */
  late = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get size(): number {
    return this.#size;
  }

  /** Waits for the reply. Without one the outcome is `request-timeout`, `request-aborted`, or what `fail` is given. */
  wait(request: PendingRequest, waitMs: number = request.timeoutMs): void {
    const { id, signal } = request;
    const cancel = this.#clock.schedule(waitMs, () => this.#giveUp(pending, timedOut));
    const abort = signal && ((): void => this.#giveUp(pending, aborted));
    const pending: Pending = { request, cancel, abort, next: this.#pending.get(id) };
    this.#pending.set(id, pending);
    this.#size += 1;
    if (abort === undefined) return;
    if (signal?.aborted === true) abort();
    else signal?.addEventListener("abort", abort);
  }

  /** Hands a reply to whoever waits for it. One that cannot be read, or that nobody waits for, is counted. */
  settle(reply: Envelope | undefined): void {
    const id = reply?.causationId;
    // Those that have not left wait under no id.
    const all = id === undefined || id === "" ? [] : chain(this.#pending.get(id));
    const waiting = all.filter(({ request }) => request.isAnswered !== true);
    if (reply === undefined || waiting.length === 0) this.late += 1;
    else for (const pending of waiting) if (this.#leave(pending)) pending.request.onOutcome(reply);
  }

  /** Ends the wait of a request without telling it: its caller knows why. False when it had ended before. */
  forget(request: PendingRequest): boolean {
    for (const pending of chain(this.#pending.get(request.id)))
      if (pending.request === request) return this.#leave(pending);
    return false;
  }

  /** Fails those that are meant. */
  fail(failure: FailureOf, isMeant: (request: PendingRequest) => boolean = () => true): void {
    for (const first of [...this.#pending.values()])
      for (const pending of chain(first)) if (isMeant(pending.request)) this.#giveUp(pending, failure);
  }

  /** Nobody waits any more, so what has not left stays here. */
  #giveUp(pending: Pending, failure: FailureOf): void {
    const { request } = pending;
    if (!this.#leave(pending)) return;
    request.onOutcome(failure(request, request.withdraw()));
  }

  /** False for one that waits no more. */
  #leave(pending: Pending): boolean {
    const { request, cancel, abort } = pending;
    if (!this.#remove(pending)) return false;
    cancel();
    if (abort !== undefined) request.signal?.removeEventListener("abort", abort);
    return true;
  }

  /** False for one that waits no more. */
  #remove(pending: Pending): boolean {
    const { id } = pending.request;
    const all = chain(this.#pending.get(id));
    const at = all.indexOf(pending);
    if (at < 0) return false;
    const before = all[at - 1];
    if (before !== undefined) before.next = pending.next;
    else if (pending.next !== undefined) this.#pending.set(id, pending.next);
    else this.#pending.delete(id);
    this.#size -= 1;
    return true;
  }
}

/** All that wait for one reply, the latest first: almost always one. */
function chain(first: Pending | undefined): readonly Pending[] {
  const all: Pending[] = [];
  for (let each = first; each !== undefined; each = each.next) all.push(each);
  return all;
}

function timedOut({ command, id, timeoutMs }: PendingRequest, maybeStored: boolean): MessagingError {
  return new MessagingError("request-timeout", {
    what: `No reply to ${nameOf(command, id)} came within ${timeoutMs} ms.`,
    advice: maybeStored
      ? "The command is stored and may still be handled: make it safe to send again, or wait longer."
      : NOT_SENT,
    messageId: id,
    maybeStored,
  });
}

/** Of one whose signal has aborted. */
export function aborted(
  { command, id, signal }: Pick<PendingRequest, "command" | "id" | "signal">,
  maybeStored: boolean,
): MessagingError {
  return new MessagingError("request-aborted", {
    what: `The request ${nameOf(command, id)} was aborted by its caller.`,
    advice: maybeStored ? "The command may be handled all the same." : NOT_SENT,
    messageId: id === "" ? undefined : id,
    maybeStored,
    cause: signal?.reason,
  });
}

function nameOf(command: string, id: string): string {
  return id === "" ? command : `${command} ${id}`;
}

const NOT_SENT = "The command was not sent: sending it again is safe.";
