import { command, event, service } from "@waybill/core";
import { exactlyOnce, type App, type World } from "@waybill/testing";
import { z } from "zod";

const Order = z.object({ order: z.number() });
const Place = command("shop.place", { data: Order, key: ({ order }) => String(order) });
const Placed = event("shop.placed", { data: Order, key: ({ order }) => String(order) });
const Paid = event("shop.paid", { data: Order, key: ({ order }) => String(order) });

const ORDERS = Array.from({ length: 10 }, (_, at) => at + 1);

/** Three handlers with two instances and ten messages each. The application is correct, so that no run ends early. */
export function threeHandlers(world: World): App {
  const shipped = new Set<number>();
  return {
    services: () => [
      service("shop").handle(
        Place,
        async ({ order }, context) => void (await context.publish(Placed, { order })),
      ),
      service("till").on(Placed, async ({ order }, context) => void (await context.publish(Paid, { order }))),
      service("warehouse").on(Paid, ({ order }) => {
        if (shipped.has(order)) return;
        shipped.add(order);
        world.effect("shipment", order);
      }),
    ],
    acts: ORDERS.map((order) => (bus) => bus.send(Place, { order })),
    properties: [exactlyOnce("shipment", ORDERS)],
  };
}
