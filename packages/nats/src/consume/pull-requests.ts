import type { Msg } from "@nats-io/transport-node";
import type { Cancel, Clock } from "@waybill/core/transport";

/** How much later than said the server may tell that a request is over. */
const GRACE_MS = 2_000;
/** How long a request for little waits for more room. */
const PAUSE_MS = 1;
/** How long a consumer is left alone that nobody answers for. */
const SILENCE_MS = 500;

export interface PullRequestsOptions {
  readonly clock: Clock;
  /** How long the server keeps a request. */
  readonly expiresMs: number;
  readonly ask: (request: string) => void;
}

/** That a request is over, its consumer deleted, or that nobody answers for the consumer: it may come back. */
export type Told = "over" | "deleted" | "nobody there";

/** The requests for messages that wait at the server (NATS: JetStream wire API, next message), as one sum. */
export class PullRequests {
  readonly #options: PullRequestsOptions;
  /** How many messages are asked for and have not come. */
  asked = 0;
  /** The consumer was deleted, or nobody answers for it. */
  #isGone = false;
  #until = 0;
  #cancel: Cancel | undefined = undefined;
  #room = 0;
  #window = 0;

  constructor(options: PullRequestsOptions) {
    this.#options = options;
  }

  /** Asks for what there is room for, once that is worth a request: a quarter of the window, or all in a moment. */
  want(room: number, window: number): void {
    this.#room = room;
    this.#window = window;
    const free = room - this.asked;
    if (free <= 0 || this.#isGone || this.asked > window / 4) return;
    if (free >= window / 4) this.#ask(free);
    else this.#cancel ??= this.#options.clock.schedule(PAUSE_MS, () => this.#askLate());
  }

  arrived(): void {
    if (this.asked > 0) this.asked -= 1;
  }

  /**
   * What the server says of a request instead of a message. Of a consumer that is gone it is asked again now and then:
   * somebody may provision it anew, or the servers that keep it agree on a leader.
   */
  told({ headers }: Msg): Told {
    const { code = 0, description = "" } = headers ?? {};
    const word = /deleted/i.test(description) ? "deleted" : code === 503 ? "nobody there" : "over";
    if (word !== "over") {
      this.asked = 0;
      this.#isGone = true;
      this.#cancel?.();
      this.#cancel = this.#options.clock.schedule(SILENCE_MS, () => this.#askLate());
    } else if (code >= 400) {
      const left = Number(headers?.get("Nats-Pending-Messages"));
      this.asked = Number.isSafeInteger(left) && left > 0 ? Math.max(0, this.asked - left) : 0;
    }
    return word;
  }

  /** Now and then: forgets requests that nobody answered. */
  check(): void {
    if (this.#options.clock.now() > this.#until + GRACE_MS) this.asked = 0;
  }

  end(): void {
    this.#cancel?.();
    this.#cancel = undefined;
    this.#window = 0;
    this.#room = 0;
  }

  #askLate(): void {
    this.#cancel = undefined;
    this.#isGone = false;
    const free = this.#room - this.asked;
    if (free > 0 && this.asked <= this.#window / 4) this.#ask(free);
  }

  #ask(batch: number): void {
    const { clock, expiresMs, ask } = this.#options;
    this.#cancel?.();
    this.#cancel = undefined;
    this.asked += batch;
    this.#until = clock.now() + expiresMs;
    ask(`{"batch":${batch},"expires":${Math.ceil(expiresMs)}000000}`);
  }
}
