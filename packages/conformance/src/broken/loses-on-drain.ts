import { ACK, type Settlement } from "@waybill/core/transport";
import { settledAfterRevoke } from "../scenarios/settling/settled-after-revoke.ts";
import type { Breakage } from "./breakage.ts";
import { changed, changedSubscription } from "./change.ts";

export const losesOnDrain: Breakage = {
  does: "acknowledges what is still open when it is drained",
  caughtBy: settledAfterRevoke,
  breaker: () => (sound) =>
    changed(sound, {
      async subscribe(source, deliver, report) {
        let giveUp = (): void => undefined;
        const over = new Promise<Settlement>((resolve) => (giveUp = () => resolve(ACK)));
        const subscription = await sound.subscribe(
          source,
          (delivery) => Promise.race([deliver(delivery), over]),
          report,
        );
        return changedSubscription(subscription, {
          drain(deadline) {
            giveUp();
            return subscription.drain(deadline);
          },
        });
      },
    }),
};
