import type { Clock } from "@waybill/core/transport";
import type { PullConsumer } from "../consume/pull-consumer.ts";

/**
 * The number of leases for which a member keeps a lane beyond its share, before it releases the lane for other
 * members. It doubles each time that no other member takes the lane: a member below its share may be slow, or the
 * announced members may not exist.
 */
const EXTRA_LEASES = { first: 5, longest: 60 } as const;

interface Extra {
  readonly until: number;
  readonly leases: number;
}

/** The lanes that a member has taken beyond its share, because no other member took them. */
export class ExtraLanes {
  readonly #clock: Clock;
  readonly #leaseMs: number;
  readonly #extras = new Map<PullConsumer, Extra>();

  constructor(clock: Clock, leaseMs: number) {
    this.#clock = clock;
    this.#leaseMs = leaseMs;
  }

  /** Returns whether a lane is kept beyond the share at present. */
  has(consumer: PullConsumer): boolean {
    return (this.#extras.get(consumer)?.until ?? 0) > this.#clock.now();
  }

  add(consumer: PullConsumer): void {
    const { first, longest } = EXTRA_LEASES;
    const now = this.#clock.now();
    const before = this.#extras.get(consumer);
    const isAgain = before !== undefined && now - before.until < 5 * this.#leaseMs;
    const leases = isAgain ? Math.min(2 * before.leases, longest) : first;
    this.#extras.set(consumer, { until: now + leases * this.#leaseMs, leases });
  }

  clear(): void {
    this.#extras.clear();
  }
}
