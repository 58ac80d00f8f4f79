import { command, service } from "@waybill/core";
import { z } from "zod";
import type { BugCase } from "../../kit/bug-case.ts";
import { ensure } from "../../kit/ensure.ts";
import { Table } from "../../kit/table.ts";

const Bill = z.object({ bill: z.string() });
const Send = command("bills.send", { data: Bill });
const Settle = command("bills.settle", { data: Bill });
const Remind = command("bills.remind", { data: Bill });

export const reminderOutlivesItsReason: BugCase = {
  name: "a scheduled message outlives its reason",
  bug: "The handler of a delayed reminder does not check whether the bill was paid in the meantime.",
  make(world, isCorrect) {
    const settled = new Table<true>();
    const bills = world.outside("bills", settled);
    const remindedAfterwards = new Set<string>();
    return {
      services: () => [
        service("bills")
          .handle(
            Send,
            async ({ bill }, context) => void (await context.send(Remind, { bill }, { delay: "1d" })),
          )
          .handle(Settle, ({ bill }) => bills.put(bill, true))
          .handle(Remind, ({ bill }) => {
            if (isCorrect && settled.has(bill)) return;
            if (settled.has(bill)) remindedAfterwards.add(bill);
          }),
      ],
      acts: [(bus) => bus.send(Send, { bill: "b" }), (bus) => bus.send(Settle, { bill: "b" })],
      check: () => ensure(remindedAfterwards.size === 0, "a customer who has paid was reminded to pay"),
    };
  },
};
