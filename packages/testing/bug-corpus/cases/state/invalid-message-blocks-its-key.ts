import { command, service } from "@waybill/core";
import { z } from "zod";
import { everyCommandHandled, exactlyOnce } from "../../../src/index.ts";
import type { BugCase } from "../../kit/bug-case.ts";

const Pay = command("payroll.pay", {
  data: z.object({ person: z.string(), month: z.number(), amount: z.number() }),
  key: ({ person }) => person,
});

export const invalidMessageBlocksItsKey: BugCase = {
  name: "a message that can never succeed blocks its key",
  bug: "The handler retries in an endless loop, so a poison message blocks all later messages of its key.",
  make(world, isCorrect) {
    const paid = new Set<number>();
    const pay = (month: number, amount: number): void => {
      if (amount < 0) throw new Error("an amount below zero");
      if (!paid.has(month)) world.effect("payment", month);
      paid.add(month);
    };
    return {
      services: () => [
        service("payroll").handle(Pay, async ({ month, amount }) => {
          for (;;)
            try {
              return pay(month, amount);
            } catch {
              if (isCorrect) return world.effect("refusal", month); // recorded for an operator, and no longer in the way
              await world.sleep("1m");
            }
        }),
      ],
      acts: [
        (bus) => bus.send(Pay, { person: "ada", month: 1, amount: -1 }),
        (bus) => bus.send(Pay, { person: "ada", month: 2, amount: 100 }),
      ],
      properties: [exactlyOnce("payment", [2]), everyCommandHandled()],
    };
  },
};
