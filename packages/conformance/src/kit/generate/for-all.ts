import fc from "fast-check";
import type { Stage } from "../stage.ts";

/**
 * Checks a promise with generated cases, each on a stage of its own in the same world. fast-check's global seed
 * determines the cases; a failure names the smallest failing case and the seed.
 */
export async function forAll<Case>(
  stage: Stage,
  cases: fc.Arbitrary<Case>,
  promise: (act: Stage, drawn: Case) => Promise<void>,
): Promise<void> {
  const property = fc.asyncProperty(cases, (drawn) => stage.scene((act) => promise(act, drawn)));
  await fc.assert(property, { numRuns: stage.pace.runs, endOnFailure: !stage.pace.shrink });
}
