import { VirtualClock } from "@waybill/core/transport-kit/testing";
import { expect, it } from "vitest";
import { ConnectionLosses } from "./connection-losses.ts";

/** A loss right after the start, while the other connection held. */
const LOST = { usedMs: 10, otherUsedSince: 0 };
const overflow = (): Error => new RangeError("Maximum call stack size exceeded");

it("the third loss within a minute for one client error counts as repeated", async () => {
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

it("errors of the broker count by reply code, and another code starts the count again", () => {
  const losses = new ConnectionLosses(new VirtualClock());
  const named = (code: number): Error => Object.assign(new Error(`named ${code}`), { code });
  expect([541, 541, 501, 541, 541].map((code) => losses.add(named(code), LOST))).toEqual(
    Array(5).fill(false),
  );
  expect(losses.add(named(541), LOST)).toBe(true);
});

it("errors that differ only in numbers or in quoted text have one cause", () => {
  const losses = new ConnectionLosses(new VirtualClock());
  const quoting = (text: string): Error => new TypeError(`Unexpected frame on channel ${text}`);
  expect(["1: {a}", "23: {b}", "4: {c}"].map((text) => losses.add(quoting(text), LOST))).toEqual([
    false,
    false,
    true,
  ]);
});

const reset = (): Error => Object.assign(new Error("read ECONNRESET"), { code: "ECONNRESET" });

it("the fifth connection that is cut soon after its start counts as repeated", () => {
  const losses = new ConnectionLosses(new VirtualClock());
  expect([1, 2, 3, 4, 5].map(() => losses.add(reset(), LOST))).toEqual([false, false, false, false, true]);
});

it.each([
  ["a connection that is cut later", reset(), { ...LOST, usedMs: 5_001 }],
  ["a connection that is cut while the other one is lost", reset(), { ...LOST, otherUsedSince: undefined }],
  ["missed heartbeats", new Error("Heartbeat timeout"), { ...LOST, usedMs: 20_000 }],
  ["a broker that shuts down", Object.assign(new Error("CONNECTION_FORCED"), { code: 320 }), LOST],
])("%s is not counted", (_, error, lost) => {
  const losses = new ConnectionLosses(new VirtualClock());
  expect([1, 2, 3, 4, 5, 6].map(() => losses.add(error, lost))).toEqual(Array(6).fill(false));
});

it("a network that cuts both connections is not counted", async () => {
  const clock = new VirtualClock();
  const losses = new ConnectionLosses(clock);
  for (let at = 0; at < 10; at++) {
    expect(losses.add(reset(), { usedMs: 10, otherUsedSince: clock.now() - 10 })).toBe(false);
    await clock.advance(100);
  }
});
