import type { Msg } from "@nats-io/transport-node";
import type { Cancel, Clock } from "@waybill/core/transport";

/** How long after a request's expiry the server may still report it. */
const GRACE_MS = 2_000;
/** How long a request for a few messages waits for more space in the window. */
const PAUSE_MS = 1;
/** How long no requests are sent after the consumer became unavailable. */
const UNAVAILABLE_MS = 500;

export interface PullRequestsOptions {
  readonly clock: Clock;
  /** How long the server keeps a request. */
  readonly expiresMs: number;
  readonly send: (request: string) => void;
}

/** The meaning of a status message: a request has ended, the consumer was deleted, or nobody serves the consumer now. */
export type PullStatus = "ended" | "deleted" | "no responders";

/** The pull requests that wait at the server (NATS: JetStream wire API, next message), counted together. */
export class PullRequests {
  readonly #options: PullRequestsOptions;
  /** The number of requested messages that have not arrived. */
  requested = 0;
  #isUnavailable = false;
  #expiresAt = 0;
  #cancel: Cancel | undefined = undefined;
  #space = 0;
  #window = 0;

  constructor(options: PullRequestsOptions) {
    this.#options = options;
  }

  /** Requests messages for the space in the window: at once for a quarter of the window, after a pause for less. */
  request(space: number, window: number): void {
    this.#space = space;
    this.#window = window;
    const free = space - this.requested;
    if (free <= 0 || this.#isUnavailable || this.requested > window / 4) return;
    if (free >= window / 4) this.#send(free);
    else this.#cancel ??= this.#options.clock.schedule(PAUSE_MS, () => this.#sendLater());
  }

  arrived(): void {
    if (this.requested > 0) this.requested -= 1;
  }

  /**
   * Processes a status message. While the consumer is unavailable the requests are repeated with a pause, because the
   * consumer may be provisioned again or get a new leader.
   */
  status({ headers }: Msg): PullStatus {
    const { code = 0, description = "" } = headers ?? {};
    const status = /deleted/i.test(description) ? "deleted" : code === 503 ? "no responders" : "ended";
    if (status !== "ended") {
      this.requested = 0;
      this.#isUnavailable = true;
      this.#cancel?.();
      this.#cancel = this.#options.clock.schedule(UNAVAILABLE_MS, () => this.#sendLater());
    } else if (code >= 400) {
      const left = Number(headers?.get("Nats-Pending-Messages"));
      this.requested = Number.isSafeInteger(left) && left > 0 ? Math.max(0, this.requested - left) : 0;
    }
    return status;
  }

  /** Forgets requests whose end the server should have reported by now. */
  forgetExpired(): void {
    if (this.#options.clock.now() > this.#expiresAt + GRACE_MS) this.requested = 0;
  }

  end(): void {
    this.#cancel?.();
    this.#cancel = undefined;
    this.#window = 0;
    this.#space = 0;
  }

  #sendLater(): void {
    this.#cancel = undefined;
    this.#isUnavailable = false;
    const free = this.#space - this.requested;
    if (free > 0 && this.requested <= this.#window / 4) this.#send(free);
  }

  #send(batch: number): void {
    const { clock, expiresMs, send } = this.#options;
    this.#cancel?.();
    this.#cancel = undefined;
    this.requested += batch;
    this.#expiresAt = clock.now() + expiresMs;
    send(`{"batch":${batch},"expires":${Math.ceil(expiresMs)}000000}`);
  }
}
