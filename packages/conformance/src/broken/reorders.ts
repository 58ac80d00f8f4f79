import { laneOrder } from "../scenarios/consuming/lane-order.ts";
import type { Breakage } from "./breakage.ts";
import { changed } from "./change.ts";

export const reorders: Breakage = {
  does: "stores a batch from its end to its beginning",
  caughtBy: laneOrder,
  breaker: () => (sound) =>
    changed(sound, {
      publish: async (batch) => (await sound.publish(batch.toReversed())).toReversed(),
    }),
};
