import { seededRandom } from "@waybill/core/transport";
import type { ProfileName } from "@waybill/testing/model";
import type { Command } from "./commands.ts";
import { modelPlace } from "./model-place.ts";
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
const MOST_PLAYINGS = 3_000;
/** After so many, most go on from where the nearest so far was still right. */
const FREE_PLAYINGS = 200;
const FREE_SHARE = 0.2;

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
    let nearest: Nearest = { score: 0, drawn: [] };
    for (let playings = 0; open.has(line) && playings < MOST_PLAYINGS; playings++) {
      const chance = rememberingChance(seed++, playings < FREE_PLAYINGS ? [] : beginningOf(nearest, seed));
      const outcome = await play(commands, modelPlace(profile, chance));
      for (const [name, seen] of outcome) {
        allowed.set(name, (allowed.get(name) ?? new Set()).add(seen));
        if (open.get(name) === seen) open.delete(name);
      }
      const score = likeness(text, outcome.get(line));
      if (score >= nearest.score) nearest = { score, drawn: chance.drawn };
    }
    if (open.delete(line))
      differences.push({ line, real: text, allowed: [...(allowed.get(line) ?? ["nothing of the kind"])] });
  }
  return differences;
}

/** The playing that was most like what was seen, and the chance that led to it. */
interface Nearest {
  readonly score: number;
  readonly drawn: readonly number[];
}

function beginningOf({ drawn }: Nearest, seed: number): readonly number[] {
  const random = seededRandom(~seed);
  if (random.next() < FREE_SHARE) return [];
  return drawn.slice(0, Math.floor(random.next() * drawn.length));
}

/** How much of a line is there before it becomes another one. */
function likeness(wanted: string, seen: string | undefined): number {
  if (seen === undefined) return 0;
  const [want, have] = [wanted.split(" "), seen.split(" ")];
  const parting = want.findIndex((word, at) => word !== have[at]);
  return parting < 0 ? want.length + 0.5 - (have.length - want.length) / 100 : parting + 1;
}
