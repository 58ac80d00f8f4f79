import { command, event, service } from "@waybill/core";
import { z } from "zod";
import { exactlyOnce } from "../../../src/index.ts";
import type { BugCase } from "../../kit/bug-case.ts";
import { Table } from "../../kit/table.ts";

const Order = command("shop.order", { data: z.object({ order: z.number() }) });
const Ordered = event("shop.ordered", { data: z.object({ id: z.string(), order: z.number() }) });

export const doublePublishOnRetry: BugCase = {
  name: "double publish on retry",
  bug: "What is published gets a new id of its own at every try, so that its reader cannot know it again.",
  make(world, isCorrect) {
    const shipments = new Table<number>();
    const database = world.outside("database", {
      pack: (id: string, order: number) => {
        if (shipments.insert(id, order)) world.effect("parcel", order);
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
      properties: [exactlyOnce("parcel", [1, 2])],
    };
  },
};
