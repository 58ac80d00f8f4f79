import { Backoff } from "../../transport-kit/connect/backoff.ts";
import type { Cancel } from "../../environment/clock.ts";
import type { Environment } from "../../environment/environment.ts";
import { isRetriable } from "../../environment/messaging-error.ts";

/** The longest pause: a caller waits, so a broker that is back is noticed soon. */
const LONGEST_PAUSE_MS = 1_000;

/** The limits of one series of tries. */
export interface RetryLimits {
  /** When to give up, in milliseconds since the Unix epoch. */
  readonly until: number;
  /** Called after each failure that another try follows. */
  readonly onFailure?: (error: unknown) => void;
  /** Called after each failure. Returns whether a caller still waits. */
  readonly isWanted?: () => boolean;
}

/** Retries work that needs the broker, with backoff, while the broker is unreachable. */
export class Retrying {
  readonly #environment: Environment;
  readonly #pausing = new Set<() => void>();
  #isOver = false;

  constructor(environment: Environment) {
    this.#environment = environment;
  }

  /** Resolves or rejects with the outcome of the last try. */
  async run<Answer>(work: () => Promise<Answer>, limits: RetryLimits): Promise<Answer> {
    const { clock, random } = this.#environment;
    const backoff = new Backoff(random);
    for (;;) {
      try {
        return await work();
      } catch (error) {
        const isWanted = !this.#isOver && (limits.isWanted?.() ?? true);
        if (!isRetriable(error) || !isWanted || clock.now() >= limits.until) throw error;
        limits.onFailure?.(error);
        await this.#pause(Math.min(backoff.next(), LONGEST_PAUSE_MS, limits.until - clock.now()));
        if (this.#isOver) throw error;
      }
    }
  }

  /** Ends all pauses: the broker is reachable. */
  wake(): void {
    for (const proceed of [...this.#pausing]) proceed();
  }

  /** Ends all pauses and all retries. Leaves no timer. */
  end(): void {
    this.#isOver = true;
    this.wake();
  }

  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      let cancel: Cancel = () => undefined;
      const proceed = (): void => {
        cancel();
        this.#pausing.delete(proceed);
        resolve();
      };
      this.#pausing.add(proceed);
      cancel = this.#environment.clock.schedule(ms, proceed);
    });
  }
}
