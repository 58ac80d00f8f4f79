import { competing } from "../../scenarios/lanes/competing.ts";
import type { Breakage } from "../breakage.ts";
import { changed, changedSubscriptions, changedSubscription, changedSubscribe } from "../change.ts";
import { creditKept } from "../../scenarios/lanes/credit-kept.ts";
import type { Deliver } from "@waybill/core/transport";
import { oneOwner } from "../../scenarios/lanes/one-owner.ts";
import { creditZero } from "../../scenarios/lanes/credit-zero.ts";
import { lanesSpread } from "../../scenarios/lanes/lanes-spread.ts";
import { laneOrder } from "../../scenarios/lanes/lane-order.ts";

export const duplicates: Breakage = {
  does: "stores every message twice",
  caughtBy: competing,
  breaker: () => (sound) =>
    changed(sound, {
      async publish(batch) {
        await sound.publish(batch.map((message) => ({ ...message, id: `${message.id}-again` })));
        return sound.publish(batch);
      },
    }),
};

export const ignoresCredit: Breakage = {
  does: "opens a larger window than it was given",
  caughtBy: creditKept,
  breaker: () => (sound) =>
    changedSubscriptions(sound, (subscription) => ({
      credit: (window) => subscription.credit(window * 2),
    })),
};

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

export const neverPauses: Breakage = {
  does: "goes on at a credit of 0",
  caughtBy: creditZero,
  breaker: () => (sound) =>
    changedSubscriptions(sound, (subscription) => ({
      credit: (window) => subscription.credit(Math.max(1, window)),
    })),
};

export const oneMemberTakesAll: Breakage = {
  does: "keeps all lanes with the member that came first",
  caughtBy: lanesSpread,
  breaker: () => {
    const first = new Map<string, Deliver>();
    return (sound) =>
      changedSubscribe(sound, (source, deliver) => {
        const name = JSON.stringify(source);
        const owner = first.get(name) ?? deliver;
        first.set(name, owner);
        return owner;
      });
  },
};

export const reorders: Breakage = {
  does: "stores a batch from its end to its beginning",
  caughtBy: laneOrder,
  breaker: () => (sound) =>
    changed(sound, {
      publish: async (batch) => (await sound.publish(batch.toReversed())).toReversed(),
    }),
};
