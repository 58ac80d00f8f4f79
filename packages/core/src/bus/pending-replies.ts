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
}

interface Pending extends PendingRequest {
  readonly settle: (outcome: Envelope | MessagingError) => void;
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

  /** Waits for the reply. @throws MessagingError `request-timeout`, `request-aborted`, and what `fail` is given */
  wait(request: PendingRequest): Promise<Envelope> {
    const { id, timeoutMs, signal } = request;
    return new Promise((resolve, reject) => {
      const abort = (): void => settle(aborted(request, signal?.reason));
      const settle = (outcome: Envelope | MessagingError): void => {
        if (this.#pending.get(id) === pending) this.#pending.delete(id);
        cancel();
        signal?.removeEventListener("abort", abort);
        if (outcome instanceof MessagingError) reject(outcome);
        else resolve(outcome);
      };
      const pending: Pending = { ...request, settle };
      const cancel: Cancel = this.#clock.schedule(timeoutMs, () => settle(timedOut(request)));
      this.#pending.set(id, pending);
      if (signal?.aborted === true) abort();
      else signal?.addEventListener("abort", abort);
    });
  }

  /** Hands a reply to whoever waits for it. One that cannot be read, or that nobody waits for, is counted. */
  settle(reply: Envelope | undefined): void {
    const pending = reply?.causationId === undefined ? undefined : this.#pending.get(reply.causationId);
    if (pending === undefined || reply === undefined) this.late += 1;
    else pending.settle(reply);
  }

  /** Ends the wait of a request that never left: its caller knows why. */
  forget(id: string): void {
    this.#pending.get(id)?.settle(neverLeft());
  }

  /** Fails those that are meant. */
  fail(error: (request: PendingRequest) => MessagingError | undefined): void {
    for (const pending of [...this.#pending.values()]) {
      const failure = error(pending);
      if (failure !== undefined) pending.settle(failure);
    }
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
