import type { FaultName } from "../faults/fault-name.ts";

/**
 * A fault at one of its opportunities. Opportunities are counted, not steps, because the number of a step changes its
 * meaning while a schedule shrinks.
 */
export interface PlannedFault {
  readonly name: FaultName;
  /** The number of opportunities that pass before the fault is injected. */
  readonly skips: number;
  /** Chooses the target of the fault and its duration: 0 to 255. */
  readonly pick: number;
}

/** All choices of one run as a value: the same schedule gives the same run. */
export interface Schedule {
  /** The seed of the random numbers of the run. */
  readonly randomSeed: number;
  readonly faults: readonly PlannedFault[];
  /** Chooses the next event of each step: one byte a step; 0, and every step after the end, takes the default event. */
  readonly choices: Uint8Array;
}
