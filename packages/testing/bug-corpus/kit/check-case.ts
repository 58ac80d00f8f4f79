import { explore, type Report, type SimulateOptions } from "../../src/index.ts";
import type { BugCase } from "./bug-case.ts";

/** The result of a search for a bug with one seed. */
export interface Finding {
  readonly seed: number;
  readonly isFound: boolean;
  /** The number of schedules up to the first that shows the bug. */
  readonly runs: number;
  /** The number of lines of the shrunk story. */
  readonly lines: number;
  readonly faults: number;
  readonly seconds: number;
  readonly violation: string;
}

/** Searches for the bug of a case, with the default options. */
export async function findBug({ make }: BugCase, seed: number): Promise<Finding> {
  const { failure, runs, seconds } = await explore((world) => make(world, false), { seed });
  return {
    seed,
    isFound: failure !== undefined,
    runs,
    lines: failure?.story.length ?? 0,
    faults: failure?.schedule.faults.length ?? 0,
    seconds,
    violation: failure === undefined ? "nothing" : `${failure.violation.name}: ${failure.violation.what}`,
  };
}

/** Explores the correct application of a case. */
export function runCorrectVersion({ make }: BugCase, options: SimulateOptions): Promise<Report> {
  return explore((world) => make(world, true), options);
}
