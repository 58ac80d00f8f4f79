import { ACK, type Subscription } from "@waybill/core/transport";
import { blockedConsumers } from "../../scenarios/outages/blocked-consumers.ts";
import { diesAsAnotherJoins } from "../../scenarios/outages/dies-as-another-joins.ts";
import { memberVanishes } from "../../scenarios/outages/member-vanishes.ts";
import type { BrokenTransport } from "../broken-transport.ts";
import { changed, changedDeliver, changedSubscription } from "../change.ts";

/** Like an adapter that acknowledges at the fetch: if its process dies, the fetched messages are lost. */
export const acksBuffered: BrokenTransport = {
  does: "acknowledges fetched messages before it delivers them",
  caughtBy: memberVanishes,
  breaker:
    () =>
    (inner, { clock }) => {
      let isGone = false;
      let turn = Promise.resolve();
      inner.onState(({ status }) => (isGone = status === "closed"));
      return changedDeliver(inner, (deliver) => (delivery) => {
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

/** Like a group that restarts after each membership change and forgets the messages in flight. */
export const repeatsAfterCrash: BrokenTransport = {
  does: "delivers the first message after a member's death twice",
  caughtBy: diesAsAnotherJoins,
  breaker: () => {
    let deaths = 0;
    return (inner) => {
      let known = 0;
      inner.onState(({ status }) => void (deaths += status === "closed" ? 1 : 0));
      return changed(inner, {
        subscribe: (source, deliver) =>
          inner.subscribe(source, (delivery) => {
            if (deaths > known) void deliver(delivery);
            known = deaths;
            return deliver(delivery);
          }),
      });
    };
  },
};

/**
 * Like an adapter with one connection for both: a broker that stops reading from a publisher does not read its
 * acknowledgements either.
 */
export const stopsWhenBlocked: BrokenTransport = {
  does: "stops consuming while the broker is blocked",
  caughtBy: blockedConsumers,
  breaker: () => (inner) => {
    let isBlocked = false;
    const windows = new Map<Subscription, number>();
    inner.onState(({ status }) => {
      isBlocked = status === "blocked";
      for (const [subscription, window] of windows) subscription.credit(isBlocked ? 0 : window);
    });
    return changed(inner, {
      async subscribe(source, deliver, report) {
        const subscription = await inner.subscribe(source, deliver, report);
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
