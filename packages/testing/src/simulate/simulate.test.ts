import { command, event, service } from "@waybill/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { exactlyOnce } from "../properties/properties.ts";
import type { App } from "../world/app.ts";
import type { World } from "../world/world.ts";
import { explore } from "./explore.ts";
import { SimulationFailure } from "./failure.ts";
import { simulate } from "./simulate.ts";

const Pay = command("shop.pay", { data: z.object({ order: z.number() }) });
const Paid = event("shop.paid", { data: z.object({ order: z.number() }) });

/** A fake bank that charges each order once. */
class Bank {
  readonly charged = new Set<number>();

  charge(order: number, world: World): void {
    if (this.charged.has(order)) return;
    this.charged.add(order);
    world.effect("charge", order);
  }
}

/** A shop that charges orders. With `isCareful`, the bank charges each order once. */
function shop(world: World, isCareful: boolean): App {
  const bank = new Bank();
  const till = world.outside("bank", {
    charge: (order: number) => (isCareful ? bank.charge(order, world) : world.effect("charge", order)),
  });
  return {
    services: () => [
      service("shop").handle(Pay, async ({ order }, context) => {
        await till.charge(order);
        await context.publish(Paid, { order });
      }),
    ],
    acts: [1, 2, 3].map((order) => (bus) => bus.send(Pay, { order })),
    properties: [exactlyOnce("charge", [1, 2, 3])],
  };
}

describe("simulate", () => {
  it("passes a correct application", async () => {
    const report = await simulate((world) => shop(world, true), { seed: 1, runs: 500 });
    expect(report).toMatchObject({ runs: 500, failure: undefined });
  });

  it("finds a handler that is not idempotent, and tells its shortest story", async () => {
    const { failure } = await explore((world) => shop(world, false), { seed: 1 });
    expect(failure?.violation.name).toBe("charge happens exactly once");
    expect(failure?.schedule.faults).toHaveLength(1);
    expect(failure?.schedule.choices.length).toBeLessThan(8);
    const story = failure?.story.join("\n") ?? "";
    expect(story.match(/EFFECT charge/g)?.length).toBeGreaterThan(1);
    expect(story).toContain("FAULT");
  });

  it("replays a failure by its seed and path", async () => {
    const found = await explore((world) => shop(world, false), { seed: 7 });
    const { seed, path, story } = found.failure ?? { seed: 0, path: "", story: [] };
    const again = await explore((world) => shop(world, false), { seed, path });
    expect(again.failure?.story).toEqual(story);
    await expect(simulate((world) => shop(world, false), { seed, path })).rejects.toThrow(SimulationFailure);
    await expect(simulate((world) => shop(world, true), { seed, path })).resolves.toMatchObject({ runs: 1 });
  });

  it("gives the same story for the same seed", async () => {
    const [one, other] = [
      await explore((world) => shop(world, false), { seed: 99 }),
      await explore((world) => shop(world, false), { seed: 99 }),
    ];
    expect(one.failure).toEqual(other.failure);
    expect(one.runs).toBe(other.runs);
  });

  it("shrinks the input together with the schedule", async () => {
    const input = fc.array(fc.integer({ min: 1, max: 9 }), { maxLength: 8 });
    const { failure } = await explore(
      (world, orders) => ({
        ...shop(world, false),
        acts: orders.map((order) => (bus) => bus.send(Pay, { order })),
        properties: [exactlyOnce("charge")],
      }),
      { seed: 3, input },
    );
    expect(failure?.input).toSatisfy((orders: number[]) => orders.length <= 2);
  });
});
