import { command, event, service } from "@waybill/core";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { failureOf, ONE_TRY, World } from "./world.ts";

let world: World;
beforeEach(() => void (world = new World()));
afterEach(() => world.end());

const AT = new Date("2026-01-02T03:04:05.678Z");

describe("a Date in the data", () => {
  it.each(["structured", "binary"] as const)(
    "that the receiver's schema would refuse is refused at the sender, and the error names the schema to use: %s",
    async (mode) => {
      const Strict = event("dates.strict", { data: z.object({ at: z.date() }), mode });
      const bus = await world.bus({ sends: [Strict] });
      const failure = await failureOf(bus.publish(Strict, { at: AT }));
      expect(failure).toMatchObject({ code: "not-serializable" });
      expect(String(failure)).toMatch(/at.*z\.iso\.datetime\(\).*z\.coerce\.date\(\)/);
    },
  );

  it("arrives as the type of the contract when the schema accepts text", async () => {
    const Coerced = event("dates.coerced", { data: z.object({ at: z.coerce.date(), also: z.unknown() }) });
    const Written = event("dates.written", { data: z.object({ at: z.iso.datetime() }) });
    const heard: unknown[] = [];
    const ear = service("ear")
      .on(Coerced, (data) => void heard.push(data))
      .on(Written, (data) => void heard.push(data));
    const bus = await world.bus({ services: [ear] });
    await bus.publish(Coerced, { at: AT, also: AT });
    await bus.publish(Written, { at: AT.toISOString() });
    await world.settle();
    expect(heard).toEqual([{ at: AT, also: AT.toISOString() }, { at: AT.toISOString() }]);
  });

  it("is validated by an asynchronous schema too", async () => {
    const Slow = event("dates.slow", { data: z.object({ at: z.date() }).refine(async () => true) });
    const bus = await world.bus({ sends: [Slow] });
    expect(await failureOf(bus.publish(Slow, { at: AT }))).toMatchObject({ code: "not-serializable" });
  });

  it("that a middleware adds is validated too", async () => {
    const Text = event("dates.text", { data: z.object({ at: z.string().max(3) }) });
    const middleware = {
      outgoing: [
        {
          name: "dates",
          run: (envelope: { readonly data: unknown }, next: (envelope: never) => Promise<void>) =>
            next({ ...envelope, data: { at: AT } } as never),
        },
      ],
    };
    const bus = await world.bus({ sends: [Text], middleware });
    expect(await failureOf(bus.publish(Text, { at: "now" }))).toMatchObject({ code: "not-serializable" });
  });

  it("in a reply fails the handler, not the schema of the requester", async () => {
    const When = command("dates.when", { data: z.object({}), reply: z.object({ at: z.date() }) });
    const owner = service("owner", { recovery: ONE_TRY }).handle(When, () => ({ at: AT }));
    const bus = await world.bus({ services: [owner] });
    expect(await failureOf(world.within(1_000, bus.request(When, {})))).toMatchObject({
      code: "remote-failure",
      remoteCode: "not-serializable",
    });
    const [letter] = await world.within(5_000, bus.deadLetters("owner").list());
    expect(letter?.failure).toMatchObject({ code: "not-serializable", tries: 1 });
  });
});
