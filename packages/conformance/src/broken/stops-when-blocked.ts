import type { Subscription } from "@waybill/core/transport";
import { blockedConsumers } from "../scenarios/network/blocked-consumers.ts";
import type { Breakage } from "./breakage.ts";
import { changed, changedSubscription } from "./change.ts";

/** One connection for both: a broker that stops reading from a publisher stops reading its acknowledgements too. */
export const stopsWhenBlocked: Breakage = {
  does: "consumes nothing while the broker takes no messages",
  caughtBy: blockedConsumers,
  breaker: () => (sound) => {
    let isBlocked = false;
    const windows = new Map<Subscription, number>();
    sound.onState(({ status }) => {
      isBlocked = status === "blocked";
      for (const [subscription, window] of windows) subscription.credit(isBlocked ? 0 : window);
    });
    return changed(sound, {
      async subscribe(source, deliver, report) {
        const subscription = await sound.subscribe(source, deliver, report);
        return changedSubscription(subscription, {
          credit(window) {
            windows.set(subscription, window);
            subscription.credit(isBlocked ? 0 : window);
          },
        });
      },
    });
  },
};
