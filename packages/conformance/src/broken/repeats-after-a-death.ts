import { diesAsAnotherJoins } from "../scenarios/network/dies-as-another-joins.ts";
import type { Breakage } from "./breakage.ts";
import { changed } from "./change.ts";

/** A group that begins anew whenever it has changed, and forgets what its members hold. */
export const repeatsAfterADeath: Breakage = {
  does: "hands out twice what comes first after another member has died",
  caughtBy: diesAsAnotherJoins,
  breaker: () => {
    let deaths = 0;
    return (sound) => {
      let known = 0;
      sound.onState(({ status }) => void (deaths += status === "closed" ? 1 : 0));
      return changed(sound, {
        subscribe: (source, deliver) =>
          sound.subscribe(source, (delivery) => {
            if (deaths > known) void deliver(delivery);
            known = deaths;
            return deliver(delivery);
          }),
      });
    };
  },
};
