import type { ProfileName } from "@waybill/testing/model";
import type { Command } from "./commands.ts";
import { likeness } from "./likeness.ts";
import { modelPlace } from "./model-place.ts";
import { Near } from "./near.ts";
import { play } from "./play.ts";
import { rememberingChance } from "./remembering-chance.ts";

/** Something that was seen on the real broker and never on the model. */
export interface Difference {
  readonly line: string;
  readonly real: string;
  /** What the model does instead. */
  readonly allowed: readonly string[];
}

/** Playings of the model, for each line that is looked for, after which it counts as unable to do what was seen. */
const MOST_PLAYINGS = 20_000;
/** After so many, the search forgets what came near and begins anew: what came nearest may lead nowhere. */
const PLAYINGS_OF_A_SEARCH = 2_000;
/** Of those of a search the first are free; most of the others go on from where another was still right. */
const FREE_PLAYINGS = 200;

/** How many messages ended for their publisher as they did on the real broker: what comes of them begins with that. */
function publishedAlike(real: ReadonlyMap<string, string>, outcome: ReadonlyMap<string, string>): number {
  return [...outcome].filter(([name, text]) => name.startsWith("publish ") && real.get(name) === text).length;
}

/**
 * Plays the sequence on the model until every line of the real outcome was seen there too, or it is plain that some never
 * will. What takes a row of coincidences is looked for one coincidence at a time.
 */
export async function compare(
  commands: readonly Command[],
  real: ReadonlyMap<string, string>,
  profile: ProfileName,
): Promise<readonly Difference[]> {
  const allowed = new Map<string, Set<string>>();
  const differences: Difference[] = [];
  const open = new Map(real);
  let seed = 1;
  for (const [line, text] of real) {
    let near = new Near();
    for (let playings = 0; open.has(line) && playings < MOST_PLAYINGS; playings++) {
      const ofSearch = playings % PLAYINGS_OF_A_SEARCH;
      if (ofSearch === 0) near = new Near();
      const chance = rememberingChance(seed++, ofSearch < FREE_PLAYINGS ? [] : near.beginning(seed));
      const outcome = await play(commands, modelPlace(profile, chance));
      for (const [name, seen] of outcome) {
        allowed.set(name, (allowed.get(name) ?? new Set()).add(seen));
        if (open.get(name) === seen) open.delete(name);
      }
      const seen = outcome.get(line) ?? "";
      const score = likeness(text, seen) + publishedAlike(real, outcome);
      near.add(seen, { score, drawn: chance.drawn });
    }
    if (open.delete(line))
      differences.push({ line, real: text, allowed: [...(allowed.get(line) ?? ["nothing of the kind"])] });
  }
  return differences;
}
