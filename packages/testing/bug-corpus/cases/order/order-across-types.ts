import { event, service } from "@waybill/core";
import { z } from "zod";
import type { BugCase } from "../../kit/bug-case.ts";
import { ensure } from "../../kit/ensure.ts";
import { Table } from "../../kit/table.ts";

const Order = z.object({ order: z.string() });
const Placed = event("orders.placed", { data: Order, key: ({ order }) => order });
const Cancelled = event("orders.cancelled", { data: Order, key: ({ order }) => order });

export const orderAcrossTypes: BugCase = {
  name: "order assumed across types",
  bug: "Two types of events go to two topics, so the cancellation of an order can arrive before the order.",
  make(world, isCorrect) {
    const orders = new Table<"open" | "cancelled">();
    const database = world.outside("database", orders);
    return {
      services: () => [
        service("picking")
          .on(Placed, async ({ order }) => {
            if (isCorrect) await database.insert(order, "open");
            else await database.put(order, "open");
          })
          .on(Cancelled, async ({ order }) => {
            if (isCorrect) await database.put(order, "cancelled");
            else await database.remove(order);
          }),
      ],
      acts: [(bus) => bus.publish(Placed, { order: "a" }), (bus) => bus.publish(Cancelled, { order: "a" })],
      check: () => ensure(orders.get("a") !== "open", "a cancelled order is picked"),
    };
  },
};
