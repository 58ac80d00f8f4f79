import { notProvisioned } from "../scenarios/consuming/not-provisioned.ts";
import type { Breakage } from "./breakage.ts";
import { changed } from "./change.ts";

export const subscribesToNothing: Breakage = {
  does: "accepts a subscription to what does not exist",
  caughtBy: notProvisioned,
  breaker: () => (sound) =>
    changed(sound, {
      subscribe: (source, deliver) =>
        sound
          .subscribe(source, deliver)
          .catch(() => ({ credit: () => undefined, drain: () => Promise.resolve() })),
    }),
};
