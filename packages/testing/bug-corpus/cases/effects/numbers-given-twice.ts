import { command, service } from "@waybill/core";
import { z } from "zod";
import type { BugCase } from "../../kit/bug-case.ts";
import { ensure } from "../../kit/ensure.ts";
import { Table } from "../../kit/table.ts";

const Invoice = command("invoices.write", { data: z.object({ order: z.number() }) });

export const numbersGivenTwice: BugCase = {
  name: "numbers given twice",
  bug: "The next invoice number is the highest number plus one, and two concurrent handlers read the same highest number.",
  make(world, isCorrect) {
    const invoices = new Table<number>();
    const database = world.outside("database", {
      highest: () => Math.max(0, ...invoices.rows.values()),
      write: (order: number, number: number) => invoices.insert(order, number),
      writeNext: (order: number) => invoices.insert(order, Math.max(0, ...invoices.rows.values()) + 1),
    });
    return {
      services: () => [
        service("invoices").handle(Invoice, async ({ order }) => {
          if (isCorrect) await database.writeNext(order);
          else await database.write(order, (await database.highest()) + 1);
        }),
      ],
      acts: [1, 2, 3].map((order) => (bus) => bus.send(Invoice, { order })),
      check: () =>
        ensure(new Set(invoices.rows.values()).size === invoices.size, "two invoices have the same number"),
    };
  },
};
