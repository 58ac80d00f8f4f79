import { command, service } from "@waybill/core";
import { z } from "zod";
import { exactlyOnce } from "../../../src/index.ts";
import type { BugCase } from "../../kit/bug-case.ts";
import { Table } from "../../kit/table.ts";

const Ship = command("warehouse.ship", { data: z.object({ order: z.number() }) });

export const swallowedError: BugCase = {
  name: "swallowed error",
  bug: "The handler logs a failed call and returns, so the message is acknowledged without its effect.",
  make(world, isCorrect) {
    const shipments = new Table<true>();
    const courier = world.outside("courier", {
      ship: (order: number) => {
        if (shipments.insert(order, true)) world.effect("shipment", order);
      },
    });
    return {
      services: () => [
        service("warehouse").handle(Ship, async ({ order }) => {
          try {
            await courier.ship(order);
          } catch (error) {
            world.note(`could not ship ${order}`);
            if (isCorrect) throw error;
          }
        }),
      ],
      acts: [1, 2, 3].map((order) => (bus) => bus.send(Ship, { order })),
      properties: [exactlyOnce("shipment", [1, 2, 3])],
    };
  },
};
