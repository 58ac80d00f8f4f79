import { command, service } from "@waybill/core";
import { z } from "zod";
import { exactlyOnce } from "../../../src/index.ts";
import type { BugCase } from "../../kit/bug-case.ts";
import { Table } from "../../kit/table.ts";

const Charge = command("payments.charge", { data: z.object({ order: z.number() }) });

export const notIdempotent: BugCase = {
  name: "not idempotent",
  bug: "The handler charges at every delivery without an idempotency key, so a redelivery charges twice.",
  make(world, isCorrect) {
    const charges = new Table<true>();
    const bank = world.outside("bank", {
      charge: (order: number) => {
        if (isCorrect && !charges.insert(order, true)) return; // the order's number is the idempotency key
        world.effect("charge", order);
      },
    });
    return {
      services: () => [service("payments").handle(Charge, ({ order }) => bank.charge(order))],
      acts: [1, 2, 3].map((order) => (bus) => bus.send(Charge, { order })),
      properties: [exactlyOnce("charge", [1, 2, 3])],
    };
  },
};
