import type { Deliver } from "@waybill/core/transport";
import { competing } from "../../scenarios/lanes/competing.ts";
import { creditKept } from "../../scenarios/lanes/credit-kept.ts";
import { creditZero } from "../../scenarios/lanes/credit-zero.ts";
import { laneOrder } from "../../scenarios/lanes/lane-order.ts";
import { lanesSpread } from "../../scenarios/lanes/lanes-spread.ts";
import { oneOwner } from "../../scenarios/lanes/one-owner.ts";
import { slowHandler } from "../../scenarios/lanes/slow-handler.ts";
import type { BrokenTransport } from "../broken-transport.ts";
import {
  changed,
  changedDeliver,
  changedSubscribe,
  changedSubscription,
  changedSubscriptions,
} from "../change.ts";

export const duplicates: BrokenTransport = {
  does: "stores every message twice",
  caughtBy: competing,
  breaker: () => (inner) =>
    changed(inner, {
      async publish(batch) {
        await inner.publish(batch.map((message) => ({ ...message, id: `${message.id}-again` })));
        return inner.publish(batch);
      },
    }),
};

export const ignoresCredit: BrokenTransport = {
  does: "requests twice its credit",
  caughtBy: creditKept,
  breaker: () => (inner) =>
    changedSubscriptions(inner, (subscription) => ({
      credit: (window) => subscription.credit(window * 2),
    })),
};

export const neverPauses: BrokenTransport = {
  does: "keeps delivering at a credit of 0",
  caughtBy: creditZero,
  breaker: () => (inner) =>
    changedSubscriptions(inner, (subscription) => ({
      credit: (window) => subscription.credit(Math.max(1, window)),
    })),
};

export const reorders: BrokenTransport = {
  does: "stores a batch in reverse order",
  caughtBy: laneOrder,
  breaker: () => (inner) =>
    changed(inner, {
      publish: async (batch) => (await inner.publish(batch.toReversed())).toReversed(),
    }),
};

export const oneAtATime: BrokenTransport = {
  does: "waits for every handler before it delivers the next message",
  caughtBy: slowHandler,
  breaker: () => (inner) =>
    changedDeliver(inner, (deliver) => {
      let before: Promise<unknown> = Promise.resolve();
      return (delivery) => {
        const settlement = before.then(() => deliver(delivery));
        before = settlement;
        return settlement;
      };
    }),
};

/** A lane with several owners, as a plain shared queue has. */
export const lanesWithoutOwners: BrokenTransport = {
  does: "distributes the messages of a lane over all members",
  caughtBy: oneOwner,
  breaker: () => {
    const members = new Map<string, Deliver[]>();
    return (inner) =>
      changed(inner, {
        async subscribe(source, deliver, report) {
          const all = members.get(JSON.stringify(source)) ?? [];
          members.set(JSON.stringify(source), all);
          let turn = 0;
          const subscription = await inner.subscribe(
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

export const oneMemberTakesAll: BrokenTransport = {
  does: "keeps all lanes with the first member",
  caughtBy: lanesSpread,
  breaker: () => {
    const first = new Map<string, Deliver>();
    return (inner) =>
      changedSubscribe(inner, (source, deliver) => {
        const name = JSON.stringify(source);
        const owner = first.get(name) ?? deliver;
        first.set(name, owner);
        return owner;
      });
  },
};
