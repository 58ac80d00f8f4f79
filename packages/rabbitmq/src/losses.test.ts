import { VirtualClock } from "@waybill/core/transport";
import { expect, it } from "vitest";
import { Losses } from "./losses.ts";

const overflow = (): Error => new RangeError("Maximum call stack size exceeded");

it("tells the third loss within a minute for a reason that is no accident of the network", async () => {
  const clock = new VirtualClock();
  const losses = new Losses(clock);
  expect([losses.add(overflow(), 10), losses.add(overflow(), 10), losses.add(overflow(), 10)]).toEqual([
    false,
    false,
    true,
  ]);
  expect(losses.add(overflow(), 10)).toBe(true);
  await clock.advance(61_000);
  expect(losses.add(overflow(), 10)).toBe(false);
});

it("counts the errors that the broker names, and begins anew with another reason", () => {
  const losses = new Losses(new VirtualClock());
  const named = (code: number): Error => Object.assign(new Error(`named ${code}`), { code });
  expect([541, 541, 501, 541, 541].map((code) => losses.add(named(code), 10))).toEqual(Array(5).fill(false));
  expect(losses.add(named(541), 10)).toBe(true);
});

it("takes errors for one cause that differ in numbers or in what they quote at their end", () => {
  const losses = new Losses(new VirtualClock());
  const quoting = (text: string): Error => new TypeError(`Unexpected frame on channel ${text}`);
  expect(["1: {a}", "23: {b}", "4: {c}"].map((text) => losses.add(quoting(text), 10))).toEqual([
    false,
    false,
    true,
  ]);
});

const reset = (): Error => Object.assign(new Error("read ECONNRESET"), { code: "ECONNRESET" });

it("counts lines that are cut soon after the start, which a network does as well: the fifth is told", () => {
  const losses = new Losses(new VirtualClock());
  expect([1, 2, 3, 4, 5].map(() => losses.add(reset(), 10))).toEqual([false, false, false, false, true]);
});

it.each([
  ["a line that is cut later", reset(), 5_001],
  ["missed heartbeats", new Error("Heartbeat timeout"), 20_000],
  ["a broker that is stopped", Object.assign(new Error("CONNECTION_FORCED"), { code: 320 }), 10],
])("does not count %s", (_, error, usedMs) => {
  const losses = new Losses(new VirtualClock());
  expect([1, 2, 3, 4, 5, 6].map(() => losses.add(error, usedMs))).toEqual(Array(6).fill(false));
});
