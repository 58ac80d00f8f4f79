import { command, service } from "@waybill/core";
import { atMostOnce, type App, type Property, type World } from "@waybill/testing";
import fc from "fast-check";
import { z } from "zod";

const Charge = command("bank.charge", { data: z.object({ order: z.number() }) });

/** The orders to charge. */
export const input: fc.Arbitrary<readonly number[]> = fc.array(fc.integer({ min: 1, max: 9 }), {
  maxLength: 6,
});

export const properties: readonly Property[] = [atMostOnce("charge")];

export function app(world: World, orders: readonly number[]): App {
  return {
    services: () => [service("bank").handle(Charge, ({ order }) => world.effect("charge", order))],
    acts: orders.map((order) => (bus) => bus.send(Charge, { order })),
  };
}
