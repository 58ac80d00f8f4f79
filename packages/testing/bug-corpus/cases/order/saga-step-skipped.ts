import { command, event, service } from "@waybill/core";
import { z } from "zod";
import { exactlyOnce } from "../../../src/index.ts";
import type { BugCase } from "../../kit/bug-case.ts";
import { Table } from "../../kit/table.ts";

const Order = z.object({ order: z.number() });
const Pay = command("saga.pay", { data: Order });
const Paid = event("saga.paid", { data: Order });

export const sagaStepSkipped: BugCase = {
  name: "a saga step skipped on a duplicate",
  bug: "The handler skips a payment that is already done and also skips its event, so the next step of the saga never starts.",
  make(world, isCorrect) {
    const [payments, shipments] = [new Table<true>(), new Table<true>()];
    const bank = world.outside("bank", payments);
    const courier = world.outside("courier", {
      ship: (order: number) => {
        if (shipments.insert(order, true)) world.effect("shipment", order);
      },
    });
    return {
      services: () => [
        service("payments").handle(Pay, async ({ order }, context) => {
          const isNew = await bank.insert(order, true);
          if (isNew || isCorrect) await context.publish(Paid, { order });
        }),
        service("shipping").on(Paid, ({ order }) => courier.ship(order)),
      ],
      acts: [1, 2].map((order) => (bus) => bus.send(Pay, { order })),
      properties: [exactlyOnce("shipment", [1, 2])],
    };
  },
};
