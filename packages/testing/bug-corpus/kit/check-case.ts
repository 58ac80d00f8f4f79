import { explore, type Report, type SimulateOptions } from "../../src/index.ts";
import type { BugCase } from "./bug-case.ts";

/** What a bug costs to find. */
export interface Finding {
  readonly seed: number;
  readonly isFound: boolean;
  /** Schedules until the first that shows it. */
  readonly runs: number;
  /** Lines of the shrunk story. */
  readonly lines: number;
  readonly faults: number;
  readonly seconds: number;
  readonly violation: string;
}

/** Looks for the bug of a specimen, with the settings that everybody starts with. */
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

/** Looks for a bug where there is none. */
export function runCorrectVersion({ make }: BugCase, options: SimulateOptions): Promise<Report> {
  return explore((world) => make(world, true), options);
}
