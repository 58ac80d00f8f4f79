import type { Cancel, Clock } from "@waybill/core/transport";
import type { KafkaDelivery } from "../delivery.ts";
import type { Entry } from "../offsets/offset-tracker.ts";

/** How many immediate retries in a row happen without a pause. */
const MOST_WITHOUT_PAUSE = 20;
const PAUSE_MS = { first: 10, longest: 1_000 } as const;

/**
 * Immediate retries: redeliveries from the message's own partition. The first ones happen at once. Later ones wait, with a
 * growing backoff, so that a message that is retried for ever costs little.
 */
export class ImmediateRetries {
  readonly #clock: Clock;
  readonly #counts = new WeakMap<Entry, number>();
  readonly #pauses = new Set<() => void>();
  #isOver = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Calls `then` at once or after a pause; never when the delivery was revoked meanwhile. */
  retry(delivery: KafkaDelivery, then: () => void): void {
    const count = (this.#counts.get(delivery.entry) ?? 0) + 1;
    this.#counts.set(delivery.entry, count);
    if (count <= MOST_WITHOUT_PAUSE || this.#isOver) return then();
    const pauseMs = Math.min(PAUSE_MS.longest, PAUSE_MS.first * 2 ** (count - MOST_WITHOUT_PAUSE - 1));
    let cancel: Cancel | undefined = undefined;
    const wake = (): void => {
      cancel?.();
      if (this.#pauses.delete(wake) && delivery.isLive) then();
    };
    this.#pauses.add(wake);
    cancel = this.#clock.schedule(pauseMs, wake);
  }

  /** Ends every pause at once. */
  end(): void {
    this.#isOver = true;
    for (const wake of [...this.#pauses]) wake();
  }
}
