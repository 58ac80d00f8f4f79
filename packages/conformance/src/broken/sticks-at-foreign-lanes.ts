import { foreignLane } from "../scenarios/hostile/foreign-lane.ts";
import type { Breakage } from "./breakage.ts";
import { keepingInHand } from "./change.ts";

/** It waits for a lane that does not exist. */
export const sticksAtForeignLanes: Breakage = {
  does: "keeps a foreign message in hand whose header names a lane beyond the last one",
  caughtBy: foreignLane,
  breaker: () => (sound) => keepingInHand(sound, ({ headers }) => Number(headers["waybill-lane"]) > 100),
};
