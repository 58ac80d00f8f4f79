import { command, service } from "@waybill/core";
import { z } from "zod";
import { exactlyOnce } from "../../../src/index.ts";
import type { BugCase } from "../../kit/bug-case.ts";
import { Table } from "../../kit/table.ts";

const Reserve = command("stock.reserve", { data: z.object({ order: z.number() }) });

export const missingAwait: BugCase = {
  name: "missing await",
  bug: "The handler starts a reservation and does not await it, so the message is acknowledged before the reservation is done.",
  make(world, isCorrect) {
    const reserved = new Table<true>();
    const stock = world.outside("stock", {
      reserve: (order: number) => {
        if (reserved.insert(order, true)) world.effect("reservation", order);
      },
    });
    return {
      services: () => [
        service("stock").handle(Reserve, async ({ order }) => {
          const reservation = stock.reserve(order);
          if (isCorrect) await reservation;
          else reservation.catch(() => undefined);
        }),
      ],
      acts: [1, 2].map((order) => (bus) => bus.send(Reserve, { order })),
      properties: [exactlyOnce("reservation", [1, 2])],
    };
  },
};
