import { event } from "@waybill/core";
import { afterEach, beforeEach, expect, it } from "vitest";
import { z } from "zod";
import { failureOf, World } from "./world.ts";

let world: World;
beforeEach(() => void (world = new World()));
afterEach(() => world.end());

class Money {
  readonly cents = 5;
}
class Basket extends Array<string> {}
const named = z.custom<object>((value) => typeof value === "object" && value !== null && "name" in value);

it.each<[string, z.ZodType, unknown]>([
  ["an instance of a class", z.object({ price: z.instanceof(Money) }), { price: new Money() }],
  ["an instance as the data itself", z.instanceof(Money), new Money()],
  ["a subclass of Array", z.object({ basket: z.instanceof(Basket) }), { basket: Basket.from(["a"]) }],
  ["a property that is undefined", named, { name: undefined }],
])("%s is refused at the sender when the receiver would refuse it", async (_, data, value) => {
  for (const mode of ["structured", "binary"] as const) {
    const Told = event("facts.told", { data, mode });
    const bus = await world.bus({ sends: [Told] });
    expect(await failureOf(bus.publish(Told, value))).toMatchObject({ code: "not-serializable" });
    await bus.stop();
  }
});

it("an instance is sent when the schema accepts its fields", async () => {
  const Told = event("facts.told", { data: z.object({ price: z.object({ cents: z.number() }) }) });
  const bus = await world.bus({ sends: [Told] });
  await expect(bus.publish(Told, { price: new Money() })).resolves.toBeDefined();
});
