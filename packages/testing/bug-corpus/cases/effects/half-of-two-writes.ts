import { command, service } from "@waybill/core";
import { z } from "zod";
import type { BugCase } from "../../kit/bug-case.ts";
import { ensure } from "../../kit/ensure.ts";
import { Table } from "../../kit/table.ts";

const Transfer = command("bank.transfer", { data: z.object({ transfer: z.number(), amount: z.number() }) });

export const halfOfTwoWrites: BugCase = {
  name: "half of two writes",
  bug: "The first half of a transfer marks it as done. A crash before the second half loses the money.",
  make(world, isCorrect) {
    const done = new Table<true>();
    const sums = { giro: 0, savings: 0 };
    const move = (account: "giro" | "savings", id: string, amount: number): void => {
      if (done.insert(`${account} ${id}`, true)) sums[account] += amount;
    };
    const bank = world.outside("bank", { isDone: (id: string) => done.has(id), move });
    return {
      services: () => [
        service("bank").handle(Transfer, async ({ transfer, amount }) => {
          const id = String(transfer);
          if (!isCorrect && (await bank.isDone(`giro ${id}`))) return;
          await bank.move("giro", id, -amount);
          await bank.move("savings", id, amount);
        }),
      ],
      acts: [1, 2].map((transfer) => (bus) => bus.send(Transfer, { transfer, amount: 5 })),
      check: () => ensure(sums.giro + sums.savings === 0, `money is lost: ${JSON.stringify(sums)}`),
    };
  },
};
