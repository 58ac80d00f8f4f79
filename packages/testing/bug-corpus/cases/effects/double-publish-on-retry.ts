import { command, event, service } from "@waybill/core";
import { z } from "zod";
import { exactlyOnce } from "../../../src/index.ts";
import type { BugCase } from "../../kit/bug-case.ts";
import { Table } from "../../kit/table.ts";

const Order = command("shop.order", { data: z.object({ order: z.number() }) });
const Ordered = event("shop.ordered", { data: z.object({ id: z.string(), order: z.number() }) });

export const doublePublishOnRetry: BugCase = {
  name: "double publish on retry",
  bug: "The handler publishes the event under a new id at every attempt, so the subscriber cannot recognise a duplicate.",
  make(world, isCorrect) {
    const shipments = new Table<number>();
    const database = world.outside("database", {
      pack: (id: string, order: number) => {
        if (shipments.insert(id, order)) world.effect("shipment", order);
      },
    });
    return {
      services: () => [
        service("shop").handle(Order, async ({ order }, context) => {
          const id = isCorrect ? `order-${order}` : world.uuid();
          await context.publish(Ordered, { id, order });
        }),
        service("packing").on(Ordered, ({ id, order }) => database.pack(id, order)),
      ],
      acts: [1, 2].map((order) => (bus) => bus.send(Order, { order })),
      properties: [exactlyOnce("shipment", [1, 2])],
    };
  },
};
