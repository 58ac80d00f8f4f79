import { event, service } from "@waybill/core";
import { z } from "zod";
import { exactlyOnce } from "../../../src/index.ts";
import type { BugCase } from "../../kit/bug-case.ts";
import { Table } from "../../kit/table.ts";

const Shipped = event("warehouse.shipped", { data: z.object({ order: z.number() }) });

export const effectBeforeRecord: BugCase = {
  name: "effect before its record",
  bug: "The handler sends a mail and then records it. A crash between both steps makes the retry send the mail again.",
  make(world, isCorrect) {
    const sent = new Table<true>();
    const database = world.outside("database", sent);
    const known = new Set<number>();
    const mail = world.outside("mail", {
      send: (order: number) => {
        if (isCorrect && known.has(order)) return; // the mail service accepts each id once
        known.add(order);
        world.effect("mail", order);
      },
    });
    return {
      services: () => [
        service("mailer").on(Shipped, async ({ order }) => {
          if (await database.has(order)) return;
          await mail.send(order);
          await database.put(order, true);
        }),
      ],
      acts: [1, 2].map((order) => (bus) => bus.publish(Shipped, { order })),
      properties: [exactlyOnce("mail", [1, 2])],
    };
  },
};
