import { creditKept } from "../scenarios/consuming/credit-kept.ts";
import type { Breakage } from "./breakage.ts";
import { changedSubscriptions } from "./change.ts";

export const ignoresCredit: Breakage = {
  does: "opens a larger window than it was given",
  caughtBy: creditKept,
  breaker: () => (sound) =>
    changedSubscriptions(sound, (subscription) => ({
      credit: (window) => subscription.credit(window * 2),
    })),
};
