import { drainDeadline } from "../scenarios/life/drain-deadline.ts";
import type { Breakage } from "./breakage.ts";
import { changedSubscriptions } from "./change.ts";

export const drainHangs: Breakage = {
  does: "waits for handlers beyond the deadline of a drain",
  caughtBy: drainDeadline,
  breaker: () => (sound) =>
    changedSubscriptions(sound, (subscription) => ({
      drain: (deadline) => subscription.drain(deadline + 10_000),
    })),
};
