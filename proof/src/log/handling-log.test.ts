import { laneOf } from "@waybill/core/transport-kit/testing";
import { describe, expect, it } from "vitest";
import { LANES } from "../contracts.ts";
import { HandlingLog } from "./handling-log.ts";

function handled(
  handlings: HandlingLog,
  number: number,
  [key, member, began, ended]: [string, string, number, number],
): void {
  handlings.begin({ number, key, member }, began).ended = ended;
}

describe("the handling log", () => {
  it("accepts ascending numbers of each key, and duplicates", () => {
    const handlings = new HandlingLog();
    handled(handlings, 1, ["a", "one", 0, 1]);
    handled(handlings, 2, ["a", "one", 1, 2]);
    handled(handlings, 1, ["a", "two", 2, 3]);
    handled(handlings, 0, ["b", "two", 3, 4]);
    expect(handlings.outOfOrder).toBe(0);
    expect(handlings.overlaps).toBe(0);
  });

  it("counts a message that is handled after a later message of its key", () => {
    const handlings = new HandlingLog();
    handled(handlings, 2, ["a", "one", 0, 1]);
    handled(handlings, 1, ["a", "one", 1, 2]);
    expect(handlings.outOfOrder).toBe(1);
  });

  it("counts overlapping handlers of a key, also if one never ends", () => {
    const handlings = new HandlingLog();
    handled(handlings, 1, ["a", "one", 0, 5]);
    handled(handlings, 2, ["a", "two", 4, 6]);
    handlings.begin({ number: 3, key: "b", member: "one" }, 0);
    handled(handlings, 4, ["b", "two", 9, 10]);
    expect(handlings.overlaps).toBe(2);
  });

  it("returns the last member of each lane", () => {
    const handlings = new HandlingLog();
    const [first = "", other = ""] = ["k0", "k1", "k2", "k3", "k4"].toSorted(
      (a, b) => laneOf(a, LANES) - laneOf(b, LANES),
    );
    handled(handlings, 1, [first, "one", 0, 1]);
    handled(handlings, 2, [other, "one", 1, 2]);
    handled(handlings, 3, [first, "two", 2, 3]);
    expect([...handlings.lanesOwned().values()].reduce((sum, lanes) => sum + lanes, 0)).toBe(
      new Set([laneOf(first, LANES), laneOf(other, LANES)]).size,
    );
    expect(handlings.lanesOwned().get("two")).toBe(1);
  });

  it("measures the longest pause of a lane", () => {
    const handlings = new HandlingLog();
    handled(handlings, 1, ["a", "one", 0, 1]);
    handled(handlings, 2, ["a", "two", 7, 8]);
    handled(handlings, 3, ["a", "two", 9, 10]);
    expect(handlings.longestPauseMs).toBe(7);
  });
});
