import { event, service } from "@waybill/core";
import { z } from "zod";
import type { BugCase } from "../../kit/bug-case.ts";
import { ensure } from "../../kit/ensure.ts";
import { Table } from "../../kit/table.ts";

const Priced = event("catalogue.priced", {
  data: z.object({ item: z.string(), price: z.number(), version: z.number() }),
  key: ({ item }) => item,
});

interface Price {
  readonly price: number;
  readonly version: number;
}

export const staleEventWins: BugCase = {
  name: "an old event wins",
  bug: "The handler takes the last delivered event for the newest one, but a redelivered event is older.",
  make(world, isCorrect) {
    const prices = new Table<Price>();
    const view = world.outside("view", prices);
    return {
      services: () => [
        service("view").on(Priced, async ({ item, price, version }) => {
          await view.change(item, (old) =>
            isCorrect && old !== undefined && old.version > version ? old : { price, version },
          );
        }),
      ],
      acts: [1, 2, 3].map(
        (version) => (bus) => bus.publish(Priced, { item: "tea", price: version, version }),
      ),
      check: () =>
        ensure(prices.get("tea")?.version === 3, `the view shows version ${prices.get("tea")?.version} of 3`),
    };
  },
};
