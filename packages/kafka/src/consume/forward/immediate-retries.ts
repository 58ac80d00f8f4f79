import type { Cancel, Clock } from "@waybill/core/transport";
import type { KafkaDelivery } from "../delivery.ts";
import type { Entry } from "../offsets/offset-tracker.ts";

/** So many retries without a delay in turn are ordinary. */
const AT_ONCE = 20;
const PAUSE_MS = { first: 10, longest: 1_000 } as const;

/**
 * Retries without a delay, which a message takes in its place. The first ones happen at once; further ones are delayed, longer
 * each time, so that a message that is retried without an end costs next to nothing.
 */
export class ImmediateRetries {
  readonly #clock: Clock;
  readonly #counts = new WeakMap<Entry, number>();
  readonly #waits = new Set<() => void>();
  #isOver = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Calls at once, or after a pause; never when the delivery was taken back meanwhile. */
  retry(delivery: KafkaDelivery, then: () => void): void {
    const count = (this.#counts.get(delivery.entry) ?? 0) + 1;
    this.#counts.set(delivery.entry, count);
    if (count <= AT_ONCE || this.#isOver) return then();
    const pauseMs = Math.min(PAUSE_MS.longest, PAUSE_MS.first * 2 ** (count - AT_ONCE - 1));
    let cancel: Cancel | undefined = undefined;
    const wake = (): void => {
      cancel?.();
      if (this.#waits.delete(wake) && delivery.isLive) then();
    };
    this.#waits.add(wake);
    cancel = this.#clock.schedule(pauseMs, wake);
  }

  /** Ends every pause: nothing more is begun. */
  end(): void {
    this.#isOver = true;
    for (const wake of [...this.#waits]) wake();
  }
}
