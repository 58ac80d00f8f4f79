import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { command, event, service } from "@waybill/core";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { failureOf, ONE_TRY, World } from "./world.ts";

let world: World;
beforeEach(() => void (world = new World()));
afterEach(() => world.end());

const data = z.object({ text: z.string() });
const Small = command("owner.small", { data, reply: z.string(), maxBytes: 1_000 });
const Shared = event("facts.small", { data, destination: "facts", maxBytes: 1_000 });
const Other = event("facts.large", { data, destination: "facts" });
const LARGE = { text: "x".repeat(1_000) };

/** The same contracts, as a process that knows no limit declares them. */
const unlimited = {
  Small: command("owner.small", { data, reply: z.string() }),
  Shared: event("facts.small", { data, destination: "facts" }),
};

describe("a message that is larger than its contract allows", () => {
  it("is refused at the sender, alone and among the other messages of a handler", async () => {
    const heard: string[] = [];
    const Start = command("owner.start", { data: z.object({}) });
    const owner = service("owner", { recovery: ONE_TRY }).handle(Start, async (_, { publish }) => {
      await publish(Shared, { text: "small" });
      await publish(Shared, LARGE);
    });
    const ear = service("ear").on(Shared, ({ text }) => void heard.push(text));
    const bus = await world.bus({ services: [owner, ear] });
    expect(await failureOf(bus.publish(Shared, LARGE))).toMatchObject({
      code: "too-large",
      maybeStored: false,
    });
    await bus.send(Start, {});
    await world.settle();
    expect(heard).toEqual([]);
    const [letter] = await world.within(5_000, bus.deadLetters("owner").list());
    expect(letter?.failure.code).toBe("too-large");
  });

  it("is dead-lettered at the receiver before it is read", async () => {
    let runs = 0;
    const owner = service("owner").handle(Small, () => {
      runs += 1;
      return "done";
    });
    const bus = await world.bus({ services: [owner] });
    const sender = await world.bus({ sends: [unlimited.Small] });
    await sender.send(unlimited.Small, LARGE);
    await sender.send(unlimited.Small, { text: "small" });
    await world.settle();
    expect(runs).toBe(1);
    const letters = await world.within(5_000, bus.deadLetters("owner").list());
    expect(letters).toHaveLength(1);
    expect(letters[0]?.failure.code).toBe("too-large");
    expect(letters[0]?.failure.message).toMatch(/owner\.small .* bytes; its contract allows 1000\./);
  });

  it("on a shared destination is compared with the limit of its own contract", async () => {
    const heard: number[] = [];
    const ear = service("ear")
      .on(Shared, ({ text }) => void heard.push(text.length))
      .on(Other, ({ text }) => void heard.push(text.length));
    const partial = service("partial").on(Shared, ({ text }) => void heard.push(-text.length));
    const bus = await world.bus({ services: [ear, partial] });
    const sender = await world.bus({ sends: [unlimited.Shared, Other] });
    await sender.publish(Other, LARGE);
    await sender.publish(unlimited.Shared, LARGE);
    await world.settle();
    expect(heard).toEqual([1_000]);
    for (const name of ["ear", "partial"])
      expect(await world.within(5_000, bus.deadLetters(name).list())).toHaveLength(1);
  });

  it.each([0, -1, 1.5, Number.NaN, "1 MB" as never])(
    "cannot be declared with an invalid limit: %s",
    (maxBytes) => {
      expect(() => event("facts.wrong", { data, maxBytes })).toThrow(
        expect.objectContaining({ code: "invalid-contract" }),
      );
    },
  );
});

it("contracts that are created for each call use no memory of the bus", async () => {
  const make = () => event("facts.again", { data: z.object({ n: z.number() }) });
  const bus = await world.bus();
  let weak: WeakRef<object> | undefined;
  for (let n = 0; n < 100; n++) {
    const contract = make();
    if (n === 50) weak = new WeakRef(contract);
    await bus.publish(contract, { n });
  }
  await world.settle();
  setFlagsFromString("--expose-gc");
  (runInNewContext("gc") as () => void)();
  expect(weak?.deref()).toBeUndefined();
});
