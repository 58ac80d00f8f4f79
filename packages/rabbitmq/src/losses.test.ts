import { VirtualClock } from "@waybill/core/transport";
import { expect, it } from "vitest";
import { Losses } from "./losses.ts";

const overflow = (): Error => new RangeError("Maximum call stack size exceeded");

it("tells the third loss within a minute for a reason that is no accident of the network", async () => {
  const clock = new VirtualClock();
  const losses = new Losses(clock);
  expect([losses.add(overflow()), losses.add(overflow()), losses.add(overflow())]).toEqual([
    false,
    false,
    true,
  ]);
  expect(losses.add(overflow())).toBe(true);
  await clock.advance(61_000);
  expect(losses.add(overflow())).toBe(false);
});

it("counts the errors that the broker names, and begins anew with another reason", () => {
  const losses = new Losses(new VirtualClock());
  const named = (code: number): Error => Object.assign(new Error(`named ${code}`), { code });
  expect([541, 541, 501, 541, 541].map((code) => losses.add(named(code)))).toEqual(Array(5).fill(false));
  expect(losses.add(named(541))).toBe(true);
});

it.each([
  Object.assign(new Error("read ECONNRESET"), { code: "ECONNRESET" }),
  new Error("Heartbeat timeout"),
  Object.assign(new Error("CONNECTION_FORCED"), { code: 320 }),
])("counts no accident: %s", (error) => {
  const losses = new Losses(new VirtualClock());
  expect([1, 2, 3, 4].map(() => losses.add(error))).toEqual([false, false, false, false]);
});
