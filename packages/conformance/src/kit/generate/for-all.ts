import fc from "fast-check";
import type { Stage } from "../stage.ts";

/**
 * Tries a promise on generated cases, each on a stage of its own in the same world. fast-check's global seed
 * decides which cases; a failure names the smallest one found, and the seed.
 */
export async function forAll<Case>(
  stage: Stage,
  cases: fc.Arbitrary<Case>,
  promise: (act: Stage, drawn: Case) => Promise<void>,
): Promise<void> {
  const property = fc.asyncProperty(cases, (drawn) => stage.scene((act) => promise(act, drawn)));
  await fc.assert(property, { numRuns: stage.pace.runs, endOnFailure: !stage.pace.shrink });
}
