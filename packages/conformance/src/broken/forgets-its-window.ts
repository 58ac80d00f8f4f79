import type { Subscription } from "@waybill/core/transport";
import { resetMidConsume } from "../scenarios/network/reset-mid-consume.ts";
import type { Breakage } from "./breakage.ts";
import { changed } from "./change.ts";

/** It subscribes again, with the window a subscription starts with. */
export const forgetsItsWindow: Breakage = {
  does: "resumes with a credit of 0 after a lost connection",
  caughtBy: resetMidConsume,
  breaker: () => (sound) => {
    const subscriptions = new Set<Subscription>();
    sound.onState(({ status }) => {
      if (status === "disconnected") for (const subscription of subscriptions) subscription.credit(0);
    });
    return changed(sound, {
      async subscribe(source, deliver, report) {
        const subscription = await sound.subscribe(source, deliver, report);
        subscriptions.add(subscription);
        return subscription;
      },
    });
  },
};
