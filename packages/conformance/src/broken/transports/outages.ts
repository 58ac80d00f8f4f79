import { ACK, type Subscription } from "@waybill/core/transport";
import { memberVanishes } from "../../scenarios/outages/member-vanishes.ts";
import type { Breakage } from "../breakage.ts";
import { changedDeliver, changed, changedSubscription } from "../change.ts";
import { diesAsAnotherJoins } from "../../scenarios/outages/dies-as-another-joins.ts";
import { blockedConsumers } from "../../scenarios/outages/blocked-consumers.ts";

/** Quick as long as the process lives: what it has fetched and not handed out is gone with it. */
export const acksWhatItBuffers: Breakage = {
  does: "acknowledges what it fetches and hands it out a little later",
  caughtBy: memberVanishes,
  breaker:
    () =>
    (sound, { clock }) => {
      let isGone = false;
      let turn = Promise.resolve();
      sound.onState(({ status }) => (isGone = status === "closed"));
      return changedDeliver(sound, (deliver) => (delivery) => {
        turn = turn.then(
          () =>
            new Promise((resolve) => {
              clock.schedule(1, () => {
                if (!isGone) void deliver(delivery);
                resolve();
              });
            }),
        );
        return Promise.resolve(ACK);
      });
    },
};

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
