import { depth } from "../scenarios/consuming/depth.ts";
import type { Breakage } from "./breakage.ts";
import { changed } from "./change.ts";

export const neverDeserted: Breakage = {
  does: "says of every queue that somebody consumes it",
  caughtBy: depth,
  breaker: () => (sound) =>
    changed(sound, { depth: async (source) => ({ ...(await sound.depth(source)), members: 1 }) }),
};
