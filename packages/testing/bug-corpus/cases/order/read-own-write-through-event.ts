import { command, event, service } from "@waybill/core";
import { z } from "zod";
import type { BugCase } from "../../kit/bug-case.ts";
import { ensure } from "../../kit/ensure.ts";
import { Table } from "../../kit/table.ts";

const Item = z.object({ item: z.string() });
const Add = command("cart.add", { data: Item, reply: z.object({}) });
const Added = event("cart.added", { data: Item });
const Count = command("cart.count", { data: z.object({}), reply: z.object({ items: z.number() }) });

export const readOwnWriteThroughEvent: BugCase = {
  name: "read-your-own-write through an event",
  bug: "A client adds an item and then reads the cart from a view that has not received the event.",
  make(world, isCorrect) {
    const [carts, views] = [new Table<true>(), new Table<true>()];
    const [cart, view] = [world.outside("cart", carts), world.outside("view", views)];
    let seen = -1;
    return {
      services: () => [
        service("cart")
          .handle(Add, async ({ item }, context) => {
            await cart.put(item, true);
            await context.publish(Added, { item });
            return {};
          })
          .handle(Count, () => ({ items: isCorrect ? carts.size : views.size })),
        service("view").on(Added, ({ item }) => view.put(item, true)),
      ],
      acts: [
        async (bus) => {
          await bus.request(Add, { item: "book" }, { timeout: "1d" });
          seen = (await bus.request(Count, {}, { timeout: "1d" })).items;
        },
      ],
      check: () => ensure(seen !== 0, "the customer sees an empty cart after adding a book"),
    };
  },
};
