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
  /** Called once, with the reply or with why there is none. */
  readonly onOutcome: (outcome: Envelope | MessagingError) => void;
}

/** A request, and what ends its wait without a reply. */
interface Pending {
  readonly request: PendingRequest;
  readonly cancel: Cancel;
  readonly abort: (() => void) | undefined;
}

/** The requests of one bus that wait, by the id of the request: the causation id of its reply. */
export class PendingReplies {
  readonly #clock: Clock;
  readonly #pending = new Map<string, Pending>();
  /** Replies that nobody waited for any more. */
  late = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get size(): number {
    return this.#pending.size;
  }

  /** Waits for the reply. Without one the outcome is `request-timeout`, `request-aborted`, or what `fail` is given. */
  wait(request: PendingRequest): void {
    const { id, timeoutMs, signal } = request;
    const cancel = this.#clock.schedule(timeoutMs, () => this.#end(id, timedOut(request)));
    const abort = signal && ((): void => this.#end(id, aborted(request, signal.reason)));
    this.#pending.set(id, { request, cancel, abort });
    if (abort === undefined) return;
    if (signal?.aborted === true) abort();
    else signal?.addEventListener("abort", abort);
  }

  /** Hands a reply to whoever waits for it. One that cannot be read, or that nobody waits for, is counted. */
  settle(reply: Envelope | undefined): void {
    const id = reply?.causationId;
    if (reply === undefined || id === undefined || !this.#pending.has(id)) this.late += 1;
    else this.#end(id, reply);
  }

  /** Ends the wait of a request that never left: its caller knows why. */
  forget(id: string): void {
    this.#end(id, neverLeft());
  }

  /** Fails those that are meant. */
  fail(error: (request: PendingRequest) => MessagingError | undefined): void {
    for (const { request } of [...this.#pending.values()]) {
      const failure = error(request);
      if (failure !== undefined) this.#end(request.id, failure);
    }
  }

  #end(id: string, outcome: Envelope | MessagingError): void {
    const pending = this.#pending.get(id);
    if (pending === undefined) return;
    const { request, cancel, abort } = pending;
    this.#pending.delete(id);
    cancel();
    if (abort !== undefined) request.signal?.removeEventListener("abort", abort);
    request.onOutcome(outcome);
  }
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
