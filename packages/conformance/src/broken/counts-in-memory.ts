import { attemptsSurviveCrash } from "../scenarios/settling/attempts-survive-crash.ts";
import type { Breakage } from "./breakage.ts";
import { changedDeliver, changedDelivery } from "./change.ts";

/** Right as long as the process lives: a message that kills its process is tried for ever. */
export const countsInMemory: Breakage = {
  does: "counts attempts in the process that handles them",
  caughtBy: attemptsSurviveCrash,
  breaker: () => (sound) => {
    const counts = new Map<string, number>();
    return changedDeliver(sound, (deliver) => (delivery) => {
      const attempt = (counts.get(delivery.message.id) ?? 0) + 1;
      counts.set(delivery.message.id, attempt);
      return deliver(changedDelivery(delivery, { attempt }));
    });
  },
};
