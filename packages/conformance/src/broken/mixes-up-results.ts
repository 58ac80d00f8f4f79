import { oneResultEach } from "../scenarios/publishing/one-result-each.ts";
import type { Breakage } from "./breakage.ts";
import { changedResults } from "./change.ts";

export const mixesUpResults: Breakage = {
  does: "answers a batch in another order",
  caughtBy: oneResultEach,
  breaker: () => (sound) => changedResults(sound, (results) => results.toReversed()),
};
