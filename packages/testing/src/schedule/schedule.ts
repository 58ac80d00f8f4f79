import type { FaultName } from "../faults/fault-name.ts";

/** One fault, by opportunity and not by step: it keeps its meaning while a schedule shrinks around it. */
export interface PlannedFault {
  readonly name: FaultName;
  /** At how many opportunities it does not strike before it does. */
  readonly skips: number;
  /** Chooses among those it could strike, and how hard: 0 to 255. */
  readonly pick: number;
}

/** Everything that is left to chance in one run, as a value: the same schedule gives the same run. */
export interface Schedule {
  /** What the random numbers of the run are made from. */
  readonly randomSeed: number;
  readonly faults: readonly PlannedFault[];
  /** Which of the events that could be next is: one byte a step, 0 for the oldest; after its end always the oldest. */
  readonly choices: Uint8Array;
}
