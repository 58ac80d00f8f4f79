import { event, service } from "@waybill/core";
import { z } from "zod";
import type { BugCase } from "../../kit/bug-case.ts";
import { ensure } from "../../kit/ensure.ts";
import { Table } from "../../kit/table.ts";

const Sold = event("shop.sold", { data: z.object({ sale: z.number() }) });

export const lostUpdate: BugCase = {
  name: "lost update",
  bug: "Two handlers read, change and write the same list concurrently, and one change is lost.",
  make(world, isCorrect) {
    const sales = new Table<readonly number[]>();
    const database = world.outside("database", sales);
    const including =
      (sale: number) =>
      (all: readonly number[] = []) => [...all.filter((one) => one !== sale), sale];
    return {
      services: () => [
        service("report").on(Sold, async ({ sale }) => {
          if (isCorrect) await database.change("today", including(sale));
          else await database.put("today", including(sale)(await database.get("today")));
        }),
      ],
      acts: [1, 2, 3].map((sale) => (bus) => bus.publish(Sold, { sale })),
      check: () =>
        ensure(sales.get("today")?.length === 3, `${sales.get("today")?.length} of 3 sales are listed`),
    };
  },
};
