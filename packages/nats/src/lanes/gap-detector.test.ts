import { describe, expect, it } from "vitest";
import { GapDetector } from "./gap-detector.ts";

const short = (sequence: number): string => `$JS.ACK.orders.owner.1.77.${sequence}.1700000000.0`;
const long = (sequence: number): string => `$JS.ACK.hub.hash.orders.owner.1.77.${sequence}.1700000000.0.x`;

describe("the gap detector", () => {
  it.each([
    ["of 9 tokens", short],
    ["of 12", long],
  ])("detects a missing delivery, in acknowledgement subjects %s", (_, reply) => {
    const deliveries = new GapDetector();
    deliveries.startAfter(6);
    expect([7, 8, 9].map((sequence) => deliveries.accepts(reply(sequence)))).toEqual([true, true, true]);
    expect(deliveries.accepts(reply(11))).toBe(false);
  });

  it("rejects all later deliveries after a gap", () => {
    const deliveries = new GapDetector();
    deliveries.accepts(short(1));
    expect([3, 4, 5].map((sequence) => deliveries.accepts(short(sequence)))).toEqual([false, false, false]);
  });

  it("accepts a repeated sequence, as a new leader sends it", () => {
    const deliveries = new GapDetector();
    deliveries.startAfter(4);
    expect([5, 6, 4, 5, 6, 7].map((sequence) => deliveries.accepts(short(sequence)))).not.toContain(false);
  });

  it("continues after any sequence, and detects that the next delivery is missing", () => {
    const deliveries = new GapDetector();
    deliveries.accepts(short(1));
    deliveries.startAfter(49);
    expect(deliveries.accepts(short(51))).toBe(false);
    expect(deliveries.accepts(short(50))).toBe(true);
  });

  it("expects the sequence 1 from a new consumer", () => {
    expect(new GapDetector().accepts(short(2))).toBe(false);
  });
});
