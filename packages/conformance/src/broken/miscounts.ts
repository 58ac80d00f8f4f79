import { depth } from "../scenarios/consuming/depth.ts";
import type { Breakage } from "./breakage.ts";
import { changed } from "./change.ts";

export const miscounts: Breakage = {
  does: "counts what waits without what is delayed or held",
  caughtBy: depth,
  breaker: () => (sound) =>
    changed(sound, { depth: () => Promise.resolve({ ready: 0, unsettled: 0, delayed: 0 }) }),
};
