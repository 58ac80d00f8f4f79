import { command, service } from "@waybill/core";
import { z } from "zod";
import { exactlyOnce } from "../../../src/index.ts";
import type { BugCase } from "../../kit/bug-case.ts";
import { Table } from "../../kit/table.ts";

const Order = z.object({ order: z.number() });
const Place = command("kitchen.place", { data: Order });
const Serve = command("kitchen.serve", { data: Order });

export const workAfterTheAnswer: BugCase = {
  name: "work that outlives its message",
  bug: "The handler schedules work with a timer of the process instead of a delayed message, so a crash loses the work.",
  make(world, isCorrect) {
    const served = new Table<true>();
    const serve = (order: number): void => {
      if (served.insert(order, true)) world.effect("meal", order);
    };
    return {
      services: () => [
        service("kitchen")
          .handle(Place, async ({ order }, context) => {
            if (isCorrect) await context.send(Serve, { order }, { delay: "10m" });
            else void world.sleep("10m").then(() => serve(order));
          })
          .handle(Serve, ({ order }) => serve(order)),
      ],
      acts: [1, 2, 3].map((order) => (bus) => bus.send(Place, { order })),
      properties: [exactlyOnce("meal", [1, 2, 3])],
    };
  },
};
