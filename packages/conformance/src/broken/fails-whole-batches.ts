import { STORED } from "@waybill/core/transport";
import { partialFailure } from "../scenarios/publishing/partial-failure.ts";
import type { Breakage } from "./breakage.ts";
import { changed } from "./change.ts";

export const failsWholeBatches: Breakage = {
  does: "refuses a whole batch for one bad message",
  caughtBy: partialFailure,
  breaker: () => (sound) =>
    changed(sound, {
      async publish(batch) {
        const limit = sound.capabilities.largestMessage;
        const huge = batch.find(({ body }) => body.length > limit);
        if (huge === undefined) return sound.publish(batch);
        const [refused = STORED] = await sound.publish([huge]);
        return batch.map(() => refused);
      },
    }),
};
