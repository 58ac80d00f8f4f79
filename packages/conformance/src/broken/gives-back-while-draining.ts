import { RELEASE } from "@waybill/core/transport";
import { drainMoves } from "../scenarios/life/drain-moves.ts";
import type { Breakage } from "./breakage.ts";
import { changed, changedSubscription } from "./change.ts";

export const givesBackWhileDraining: Breakage = {
  does: "gives back what a handler gives up while its subscription is drained",
  caughtBy: drainMoves,
  breaker: () => (sound) =>
    changed(sound, {
      async subscribe(source, deliver, report) {
        let isDraining = false;
        const subscription = await sound.subscribe(
          source,
          async (delivery) => {
            const settlement = await deliver(delivery);
            return isDraining && settlement.type === "dead-letter" ? RELEASE : settlement;
          },
          report,
        );
        return changedSubscription(subscription, {
          drain(deadline) {
            isDraining = true;
            return subscription.drain(deadline);
          },
        });
      },
    }),
};
