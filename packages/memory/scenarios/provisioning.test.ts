import { command, createBus, event, service } from "@waybill/core";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { Act, ActInOrder, failureOf, Happened, Kept, World } from "./world.ts";

let world: World;
beforeEach(() => void (world = new World()));
afterEach(() => world.end());

const data = z.object({ n: z.number() });
const owner = service("owner").handle(Act, () => undefined);
const ear = service("ear").on(Happened, () => undefined);

describe("provisioning at start", () => {
  it("verify creates nothing and names every missing entity in one error", async () => {
    const bus = await world.made({ services: [owner, ear], provision: "verify" });
    const error = await failureOf(bus.start());
    expect(error).toMatchObject({ code: "topology-drift" });
    for (const entity of ["queue owner.act", "topic facts.happened", "group ear of topic facts.happened"])
      expect(String(error)).toContain(`${entity} is missing`);
    expect(world.broker.entities.queues.size).toBe(0);
    await (await world.bus({ services: [owner, ear] })).stop();
    await world.bus({ services: [owner, ear], provision: "verify" });
  });

  it("an existing entity with other properties is drift in both modes, and is not changed", async () => {
    await world.bus({ sends: [ActInOrder] });
    const other = command(ActInOrder.name, { data: ActInOrder.data, key: ({ key }) => key, lanes: 8 });
    for (const provision of ["apply", "verify"] as const) {
      const bus = await world.made({ sends: [other], provision });
      expect(String(await failureOf(bus.start()))).toContain(
        "queue owner.act-in-order has lanes 4 instead of 8",
      );
    }
  });

  it("an undeclared contract is provisioned or verified before its first message is sent", async () => {
    const bus = await world.bus({});
    await Promise.all([bus.publish(Happened, { n: 1 }), bus.publish(Happened, { n: 2 })]);
    expect([...world.broker.entities.topics.keys()]).toEqual([Happened.name]);
    const careful = await world.bus({ provision: "verify" });
    expect(await failureOf(careful.send(Act, { n: 1 }))).toMatchObject({ code: "topology-drift" });
    const odd = event(Happened.name, { data, key: String });
    expect(await failureOf(bus.publish(odd, { n: 1 }))).toMatchObject({ code: "conflicting-contracts" });
  });

  it("contradicting declarations are refused when the bus is created", async () => {
    const pairs = [
      [command("x", { data }), event("x", { data })],
      [command("x", { data, destination: "c" }), event("y", { data, destination: "c" })],
      [event("x", { data, destination: "c" }), event("y", { data, destination: "c", retain: "1d" })],
      [command("x", { data, destination: "c", key: String }), command("y", { data, destination: "c" })],
    ];
    for (const sends of pairs)
      expect(await failureOf(createBus({ transport: world.transport(), sends }))).toMatchObject({
        code: "conflicting-contracts",
      });
  });

  it("a queue of several commands has one owner", async () => {
    const one = command("one", { data, destination: "shared" });
    const two = command("two", { data, destination: "shared" });
    const services = [service("a").handle(one, () => undefined), service("b").handle(two, () => undefined)];
    expect(await failureOf(createBus({ transport: world.transport(), services }))).toMatchObject({
      code: "duplicate-owner",
    });
  });
});

describe("history", () => {
  it("is read by a late group from its earliest message, in order and before the new messages", async () => {
    const bus = await world.bus({ sends: [Kept] });
    for (const n of [1, 2, 3]) await bus.publish(Kept, { n });
    await world.clock.advance(31 * 86_400_000);
    for (const n of [4, 5]) await bus.publish(Kept, { n });
    const seen: number[] = [];
    const late = service("late", { concurrency: 1 }).on(Kept, ({ n }) => void seen.push(n), {
      from: "earliest",
    });
    await world.bus({ services: [late] });
    await bus.publish(Kept, { n: 6 });
    await world.settle();
    expect(seen).toEqual([4, 5, 6]);
  });

  it("of an event that retains none is refused", () => {
    expect(() => service("late").on(Happened, () => undefined, { from: "earliest" })).toThrow(
      /history-not-retained/,
    );
  });
});

describe("delays", () => {
  it("a message is delivered at its time and never earlier, by delay and by deliverAt", async () => {
    const seen: string[] = [];
    const start = world.clock.now();
    const hear = service("hear").on(
      Happened,
      ({ n }) => void seen.push(`${n} at ${world.clock.now() - start}`),
    );
    const bus = await world.bus({ services: [hear] });
    await bus.publish(Happened, { n: 1 }, { delay: "10s" });
    await bus.publish(Happened, { n: 2 }, { deliverAt: new Date(start + 5_000) });
    await bus.publish(Happened, { n: 3 }, { deliverAt: new Date(start - 5_000) });
    await world.clock.advance(20_000);
    expect(seen).toEqual(["3 at 0", "2 at 5000", "1 at 10000"]);
    const both = bus.publish(Happened, { n: 4 }, { delay: 1, deliverAt: new Date() });
    expect(await failureOf(both)).toMatchObject({ code: "invalid-option" });
    expect(await failureOf(bus.publish(Happened, { n: 4 }, { deliverAt: new Date("never") }))).toMatchObject({
      code: "invalid-option",
    });
    expect(await failureOf(bus.publish(Happened, { n: 4 }, { delay: -1 }))).toMatchObject({
      code: "invalid-duration",
    });
  });
});

describe("a command with two owners in two buses of one broker", () => {
  it("causes a warning in the second bus; two instances of one owner cause none", async () => {
    const told: string[] = [];
    const onWarning = (warning: string): void => void told.push(warning);
    await world.bus({ services: [owner], onWarning });
    await world.bus({ services: [owner], onWarning });
    expect(told).toEqual([]);
    const usurper = service("usurper").handle(Act, () => undefined);
    await world.bus({ services: [usurper], onWarning });
    expect(told).toEqual([
      "Two services own queue owner.act: owner and usurper. Each command goes to one of them. Handle it in one service, or make it an event.",
    ]);
  });
});
