import { resetWhileStarting } from "../scenarios/network/reset-while-starting.ts";
import type { Breakage } from "./breakage.ts";
import { changed } from "./change.ts";

/** It takes the answer of the lost connection for one of the next. */
export const startsOnce: Breakage = {
  does: "forgets a consumer whose connection was lost before anything had come",
  caughtBy: resetWhileStarting,
  breaker: () => (sound) =>
    changed(sound, {
      async subscribe(source, deliver, report) {
        let hasDelivered = false;
        const subscription = await sound.subscribe(
          source,
          (delivery) => {
            hasDelivered = true;
            return deliver(delivery);
          },
          report,
        );
        sound.onState(({ status }) => {
          if (status === "disconnected" && !hasDelivered) subscription.credit(0);
        });
        return subscription;
      },
    }),
};
