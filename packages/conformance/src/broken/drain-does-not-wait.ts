import { drainWaits } from "../scenarios/life/drain-waits.ts";
import type { Breakage } from "./breakage.ts";
import { changedSubscriptions } from "./change.ts";

export const drainDoesNotWait: Breakage = {
  does: "ends a drain while handlers run",
  caughtBy: drainWaits,
  breaker: () => (sound) =>
    changedSubscriptions(sound, (subscription) => ({
      drain(deadline) {
        void subscription.drain(deadline);
        return Promise.resolve();
      },
    })),
};
