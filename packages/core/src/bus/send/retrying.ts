import { Backoff } from "../../transport-kit/connect/backoff.ts";
import type { Cancel } from "../../environment/clock.ts";
import type { Environment } from "../../environment/environment.ts";
import { isRetriable } from "../../environment/messaging-error.ts";

/** Somebody waits: the broker should not be there for long before it is noticed. */
const LONGEST_PAUSE_MS = 1_000;

/** When to stop trying. */
export interface Patience {
  /** Milliseconds since the Unix epoch. */
  readonly until: number;
  /** Called after each failure that is followed by another try. */
  readonly onFailure?: (error: unknown) => void;
  /** Asked after each failure: whether anybody still waits. */
  readonly isWanted?: () => boolean;
}

/** Repeats what fails for want of a broker, with growing pauses. */
export class Retrying {
  readonly #environment: Environment;
  readonly #pausing = new Set<() => void>();
  #isOver = false;

  constructor(environment: Environment) {
    this.#environment = environment;
  }

  /** Resolves or rejects with what the last try ended with. */
  async run<Answer>(work: () => Promise<Answer>, patience: Patience): Promise<Answer> {
    const { clock, random } = this.#environment;
    const pauses = new Backoff(random);
    for (;;) {
      try {
        return await work();
      } catch (error) {
        const isWanted = !this.#isOver && (patience.isWanted?.() ?? true);
        if (!isRetriable(error) || !isWanted || clock.now() >= patience.until) throw error;
        patience.onFailure?.(error);
        await this.#pause(Math.min(pauses.next(), LONGEST_PAUSE_MS, patience.until - clock.now()));
        if (this.#isOver) throw error;
      }
    }
  }

  /** The broker is there: who pauses goes on at once. */
  wake(): void {
    for (const go of [...this.#pausing]) go();
  }

  /** Nothing is tried again. Leaves no timer. */
  end(): void {
    this.#isOver = true;
    this.wake();
  }

  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      let cancel: Cancel = () => undefined;
      const go = (): void => {
        cancel();
        this.#pausing.delete(go);
        resolve();
      };
      this.#pausing.add(go);
      cancel = this.#environment.clock.schedule(ms, go);
    });
  }
}
