import type { Deliver } from "@waybill/core/transport";
import { oneOwner } from "../scenarios/consuming/one-owner.ts";
import type { Breakage } from "./breakage.ts";
import { changed, changedSubscription } from "./change.ts";

/** Two owners of a lane: what a plain shared queue gives. */
export const lanesWithoutOwners: Breakage = {
  does: "hands the messages of a lane to all members in turn",
  caughtBy: oneOwner,
  breaker: () => {
    const members = new Map<string, Deliver[]>();
    return (sound) =>
      changed(sound, {
        async subscribe(source, deliver, report) {
          const all = members.get(JSON.stringify(source)) ?? [];
          members.set(JSON.stringify(source), all);
          let turn = 0;
          const subscription = await sound.subscribe(
            source,
            (delivery) => {
              const member = all[turn++ % all.length] ?? deliver;
              return member(delivery);
            },
            report,
          );
          all.push(deliver);
          return changedSubscription(subscription, {
            drain(deadline) {
              all.splice(all.indexOf(deliver), 1);
              return subscription.drain(deadline);
            },
          });
        },
      });
  },
};
