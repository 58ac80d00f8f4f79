import type { Cancel, Clock } from "../../environment/clock.ts";
import type { MessagingError } from "../../environment/messaging-error.ts";
import type { Envelope } from "../../message/envelope.ts";
import { aborted, timedOut, type NamedRequest, type RequestFailure } from "./request-errors.ts";

/** One request that waits for its reply. */
export interface PendingRequest extends NamedRequest {
  /** Whether a handler sent it. A stopping bus lets its running handlers finish. */
  readonly isFromHandler: boolean;
  /** Whether its reply has arrived and is being validated; another reply is then counted as late. */
  readonly isAnswered?: boolean;
  /** Returns whether the command waits in this process and the broker does not have it. */
  readonly isBuffered: () => boolean;
  /** Removes the command from the send buffer, for good. Returns whether the broker may have it. */
  readonly withdraw: () => boolean;
  /** Called once, with the reply or with the error that ended the wait. */
  readonly onOutcome: (outcome: Envelope | MessagingError) => void;
}

/** A request with its timer and its abort listener. */
interface Pending {
  readonly request: PendingRequest;
  readonly cancel: Cancel;
  readonly abort: (() => void) | undefined;
  /** Another request that waits for the same reply. */
  next: Pending | undefined;
}

/**
 * The waiting requests of one bus, by the id of the command, which is the causation id of the reply. Several requests may
 * wait under one id: a handler that is tried again while its last try still waits sends the same command with the same id.
 * One reply answers all of them.
 */
export class PendingReplies {
  readonly #clock: Clock;
  readonly #pending = new Map<string, Pending>();
  #size = 0;
  /** The number of replies that came after their request had ended, or that answered no request. */
  late = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get size(): number {
    return this.#size;
  }

  /** Waits for the reply. Without one the outcome is `request-timeout`, `request-aborted`, or the error given to `fail`. */
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

  /** Passes a reply to the requests that wait for it. Counts a reply that is unreadable (undefined) or not awaited. */
  settle(reply: Envelope | undefined): void {
    const id = reply?.causationId;
    // Requests that are not sent yet wait under an empty id.
    const all = id === undefined || id === "" ? [] : chain(this.#pending.get(id));
    const waiting = all.filter(({ request }) => request.isAnswered !== true);
    if (reply === undefined || waiting.length === 0) this.late += 1;
    else for (const pending of waiting) if (this.#end(pending)) pending.request.onOutcome(reply);
  }

  /** Ends the wait of a request without an outcome. Returns false when it had ended before. */
  forget(request: PendingRequest): boolean {
    for (const pending of chain(this.#pending.get(request.id)))
      if (pending.request === request) return this.#end(pending);
    return false;
  }

  /** Fails all requests that `matches` accepts. */
  fail(failure: RequestFailure, matches: (request: PendingRequest) => boolean = () => true): void {
    for (const first of [...this.#pending.values()])
      for (const pending of chain(first)) if (matches(pending.request)) this.#giveUp(pending, failure);
  }

  /** Fails one request and removes its command from the send buffer: nobody waits for its reply. */
  #giveUp(pending: Pending, failure: RequestFailure): void {
    const { request } = pending;
    if (!this.#end(pending)) return;
    request.onOutcome(failure(request, request.withdraw()));
  }

  /** Ends a wait with its timer and its listener. Returns false when it had ended before. */
  #end(pending: Pending): boolean {
    const { request, cancel, abort } = pending;
    if (!this.#remove(pending)) return false;
    cancel();
    if (abort !== undefined) request.signal?.removeEventListener("abort", abort);
    return true;
  }

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

/** Returns all requests that wait for one reply, the latest first; almost always one. */
function chain(first: Pending | undefined): readonly Pending[] {
  const all: Pending[] = [];
  for (let each = first; each !== undefined; each = each.next) all.push(each);
  return all;
}
