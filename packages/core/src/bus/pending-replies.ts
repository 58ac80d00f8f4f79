import type { Cancel, Clock } from "../ground/clock.ts";
import { MessagingError } from "../ground/messaging-error.ts";
import type { Envelope } from "../message/envelope.ts";

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
  /** Called once, with the reply or with why there is none. */
  readonly onOutcome: (outcome: Envelope | MessagingError) => void;
}

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
    const end = (failure: MessagingError): void => this.#end(pending, failure);
    const cancel = this.#clock.schedule(waitMs, () => end(timedOut(request)));
    const abort = signal && ((): void => end(aborted(request, signal.reason)));
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
    const all = id === undefined ? [] : chain(this.#pending.get(id));
    const waiting = all.filter(({ request }) => request.isAnswered !== true);
    if (reply === undefined || waiting.length === 0) this.late += 1;
    else for (const pending of waiting) this.#end(pending, reply);
  }

  /** Ends the wait of a request that never left: its caller knows why. */
  forget(request: PendingRequest): void {
    for (const pending of chain(this.#pending.get(request.id)))
      if (pending.request === request) this.#end(pending, neverLeft());
  }

  /** Fails those that are meant. */
  fail(error: (request: PendingRequest) => MessagingError | undefined): void {
    for (const first of [...this.#pending.values()])
      for (const pending of chain(first)) {
        const failure = error(pending.request);
        if (failure !== undefined) this.#end(pending, failure);
      }
  }

  #end(pending: Pending, outcome: Envelope | MessagingError): void {
    const { request, cancel, abort } = pending;
    if (!this.#remove(pending)) return;
    cancel();
    if (abort !== undefined) request.signal?.removeEventListener("abort", abort);
    request.onOutcome(outcome);
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

function timedOut({ command, id, timeoutMs }: PendingRequest): MessagingError {
  return new MessagingError("request-timeout", {
    what: `No reply to ${command} ${id} came within ${timeoutMs} ms.`,
    advice: "The command is stored and may still be handled: make it safe to send again, or wait longer.",
    messageId: id,
    maybeStored: true,
  });
}

/** Never seen by a caller, who already has the reason. */
function neverLeft(): MessagingError {
  return new MessagingError("request-aborted", {
    what: "The request never left.",
    advice: "See its own error.",
  });
}

function aborted({ command, id }: PendingRequest, reason: unknown): MessagingError {
  return new MessagingError("request-aborted", {
    what: `The request ${command} ${id} was aborted by its caller.`,
    advice: "The command may be handled all the same.",
    messageId: id,
    maybeStored: true,
    cause: reason,
  });
}
