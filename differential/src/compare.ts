import type { ProfileName } from "@waybill/testing/model";
import type { Command } from "./commands.ts";
import { modelPlace } from "./model-place.ts";
import { play } from "./play.ts";

/** Something that was seen on the real broker and never on the model. */
export interface Difference {
  readonly line: string;
  readonly real: string;
  /** What the model does instead. */
  readonly allowed: readonly string[];
}

/** Playings of the model after which it counts as unable to do what was seen. */
const MOST_PLAYINGS = 4_000;

/** Plays the sequence on the model until every line of the real outcome was seen there too, or it is plain that some never will. */
export async function compare(
  commands: readonly Command[],
  real: ReadonlyMap<string, string>,
  profile: ProfileName,
): Promise<readonly Difference[]> {
  const allowed = new Map<string, Set<string>>();
  let missing = [...real];
  for (let seed = 1; missing.length > 0 && seed <= MOST_PLAYINGS; seed++) {
    const outcome = await play(commands, modelPlace(profile, seed));
    for (const [line, text] of outcome) {
      const seen = allowed.get(line) ?? new Set();
      allowed.set(line, seen.add(text));
    }
    missing = missing.filter(([line, text]) => allowed.get(line)?.has(text) !== true);
  }
  return missing.map(([line, text]) => ({
    line,
    real: text,
    allowed: [...(allowed.get(line) ?? ["nothing of the kind"])],
  }));
}
