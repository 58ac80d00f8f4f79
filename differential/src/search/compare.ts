import type { ProfileName } from "@waybill/testing/model";
import type { Command } from "../commands.ts";
import { modelTarget } from "../model-target.ts";
import { Neighbours } from "./neighbours.ts";
import { recordingRng } from "./recording-rng.ts";
import { run } from "../run.ts";
import { similarity } from "./similarity.ts";

/** A line of the real outcome that the model never showed. */
export interface Difference {
  readonly line: string;
  readonly real: string;
  /** The texts that the model showed for this line instead. */
  readonly allowed: readonly string[];
}

/** After this many runs for one line, the model counts as unable to show it. */
const MAX_RUNS = 20_000;
/** After this many runs the search drops its neighbours and restarts: the closest run may lead nowhere. */
const RUNS_PER_SEARCH = 2_000;
/** The first runs of a search are random; most later ones repeat the first part of a neighbour. */
const FREE_RUNS = 200;

/** Returns how many publish results equal those of the real broker: all later lines depend on them. */
function equalPublishResults(
  real: ReadonlyMap<string, string>,
  outcome: ReadonlyMap<string, string>,
): number {
  return [...outcome].filter(([name, text]) => name.startsWith("publish ") && real.get(name) === text).length;
}

/**
 * Runs the sequence on the model until each line of the real outcome has occurred there too, or the limit is reached.
 * Returns the lines that have not occurred. Random runs hardly ever show a line that needs several coincidences, so
 * the search repeats the first part of the closest runs and finds one coincidence at a time.
 */
export async function compare(
  commands: readonly Command[],
  real: ReadonlyMap<string, string>,
  profile: ProfileName,
): Promise<readonly Difference[]> {
  const allowed = new Map<string, Set<string>>();
  const differences: Difference[] = [];
  const missing = new Map(real);
  let seed = 1;
  for (const [line, text] of real) {
    let neighbours = new Neighbours();
    for (let runs = 0; missing.has(line) && runs < MAX_RUNS; runs++) {
      const runOfSearch = runs % RUNS_PER_SEARCH;
      if (runOfSearch === 0) neighbours = new Neighbours();
      const rng = recordingRng(seed++, runOfSearch < FREE_RUNS ? [] : neighbours.prefix(seed));
      const outcome = await run(commands, modelTarget(profile, rng));
      for (const [name, observed] of outcome) {
        allowed.set(name, (allowed.get(name) ?? new Set()).add(observed));
        if (missing.get(name) === observed) missing.delete(name);
      }
      const observed = outcome.get(line) ?? "";
      const score = similarity(text, observed) + equalPublishResults(real, outcome);
      neighbours.add(observed, { score, drawn: rng.drawn });
    }
    if (missing.delete(line))
      differences.push({ line, real: text, allowed: [...(allowed.get(line) ?? ["no such line"])] });
  }
  return differences;
}
