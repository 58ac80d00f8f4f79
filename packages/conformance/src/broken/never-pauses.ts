import { creditZero } from "../scenarios/consuming/credit-zero.ts";
import type { Breakage } from "./breakage.ts";
import { changedSubscriptions } from "./change.ts";

export const neverPauses: Breakage = {
  does: "goes on at a credit of 0",
  caughtBy: creditZero,
  breaker: () => (sound) =>
    changedSubscriptions(sound, (subscription) => ({
      credit: (window) => subscription.credit(Math.max(1, window)),
    })),
};
