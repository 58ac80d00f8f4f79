import { describe, expect, it } from "vitest";
import { GapDetector } from "./gap-detector.ts";

const short = (order: number): string => `$JS.ACK.orders.owner.1.77.${order}.1700000000.0`;
const long = (order: number): string => `$JS.ACK.hub.hash.orders.owner.1.77.${order}.1700000000.0.x`;

describe("Unbroken", () => {
  it.each([
    ["of 9 tokens", short],
    ["of 12", long],
  ])("misses what was left out, in subjects %s", (_, reply) => {
    const deliveries = new GapDetector();
    deliveries.begin(6);
    expect([7, 8, 9].map((order) => deliveries.goesOn(reply(order)))).toEqual([true, true, true]);
    expect(deliveries.goesOn(reply(11))).toBe(false);
  });

  it("misses it still when more follows", () => {
    const deliveries = new GapDetector();
    deliveries.goesOn(short(1));
    expect([3, 4, 5].map((order) => deliveries.goesOn(short(order)))).toEqual([false, false, false]);
  });

  it("takes a number that comes again, as a new leader's may", () => {
    const deliveries = new GapDetector();
    deliveries.begin(4);
    expect([5, 6, 4, 5, 6, 7].map((order) => deliveries.goesOn(short(order)))).not.toContain(false);
  });

  it("begins anywhere, and misses the first as well", () => {
    const deliveries = new GapDetector();
    deliveries.goesOn(short(1));
    deliveries.begin(49);
    expect(deliveries.goesOn(short(51))).toBe(false);
    expect(deliveries.goesOn(short(50))).toBe(true);
  });

  it("of a consumer that nobody has asked before the first is number 1", () => {
    expect(new GapDetector().goesOn(short(2))).toBe(false);
  });
});
