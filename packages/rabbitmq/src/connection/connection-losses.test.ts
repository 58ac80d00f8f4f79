import { VirtualClock } from "@waybill/core/transport-kit/testing";
import { expect, it } from "vitest";
import { ConnectionLosses } from "./connection-losses.ts";

/** Lost at once, while the other connection held all the time. */
const LOST = { usedMs: 10, otherSince: 0 };
const overflow = (): Error => new RangeError("Maximum call stack size exceeded");

it("tells the third loss within a minute for a reason that is no accident of the network", async () => {
  const clock = new VirtualClock();
  const losses = new ConnectionLosses(clock);
  expect([losses.add(overflow(), LOST), losses.add(overflow(), LOST), losses.add(overflow(), LOST)]).toEqual([
    false,
    false,
    true,
  ]);
  expect(losses.add(overflow(), LOST)).toBe(true);
  await clock.advance(61_000);
  expect(losses.add(overflow(), LOST)).toBe(false);
});

it("counts the errors that the broker names, and begins anew with another reason", () => {
  const losses = new ConnectionLosses(new VirtualClock());
  const named = (code: number): Error => Object.assign(new Error(`named ${code}`), { code });
  expect([541, 541, 501, 541, 541].map((code) => losses.add(named(code), LOST))).toEqual(
    Array(5).fill(false),
  );
  expect(losses.add(named(541), LOST)).toBe(true);
});

it("takes errors for one cause that differ in numbers or in what they quote at their end", () => {
  const losses = new ConnectionLosses(new VirtualClock());
  const quoting = (text: string): Error => new TypeError(`Unexpected frame on channel ${text}`);
  expect(["1: {a}", "23: {b}", "4: {c}"].map((text) => losses.add(quoting(text), LOST))).toEqual([
    false,
    false,
    true,
  ]);
});

const reset = (): Error => Object.assign(new Error("read ECONNRESET"), { code: "ECONNRESET" });

it("counts lines that are cut soon after the start, which a network does as well: the fifth is told", () => {
  const losses = new ConnectionLosses(new VirtualClock());
  expect([1, 2, 3, 4, 5].map(() => losses.add(reset(), LOST))).toEqual([false, false, false, false, true]);
});

it.each([
  ["a line that is cut later", reset(), { ...LOST, usedMs: 5_001 }],
  ["a line that is cut while no other holds", reset(), { ...LOST, otherSince: undefined }],
  ["missed heartbeats", new Error("Heartbeat timeout"), { ...LOST, usedMs: 20_000 }],
  ["a broker that is stopped", Object.assign(new Error("CONNECTION_FORCED"), { code: 320 }), LOST],
])("does not count %s", (_, error, lost) => {
  const losses = new ConnectionLosses(new VirtualClock());
  expect([1, 2, 3, 4, 5, 6].map(() => losses.add(error, lost))).toEqual(Array(6).fill(false));
});

it("does not count a network that cuts both connections each time", async () => {
  const clock = new VirtualClock();
  const losses = new ConnectionLosses(clock);
  for (let at = 0; at < 10; at++) {
    expect(losses.add(reset(), { usedMs: 10, otherSince: clock.now() - 10 })).toBe(false);
    await clock.advance(100);
  }
});
