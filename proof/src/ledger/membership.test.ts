import { laneOf } from "@waybill/core/transport-kit/testing";
import { describe, expect, it } from "vitest";
import { LANES } from "../contracts.ts";
import { Membership } from "./membership.ts";

function handled(
  membership: Membership,
  number: number,
  [key, member, began, ended]: [string, string, number, number],
): void {
  membership.begin({ number, key, member }, began).ended = ended;
}

describe("what members did", () => {
  it("is in order where every key rises, whatever comes twice", () => {
    const membership = new Membership();
    handled(membership, 1, ["a", "one", 0, 1]);
    handled(membership, 2, ["a", "one", 1, 2]);
    handled(membership, 1, ["a", "two", 2, 3]);
    handled(membership, 0, ["b", "two", 3, 4]);
    expect(membership.outOfOrder).toBe(0);
    expect(membership.overlaps).toBe(0);
  });

  it("is out of order where a message comes after a later one of its key", () => {
    const membership = new Membership();
    handled(membership, 2, ["a", "one", 0, 1]);
    handled(membership, 1, ["a", "one", 1, 2]);
    expect(membership.outOfOrder).toBe(1);
  });

  it("overlaps where two of a key run at once, also when one never ends", () => {
    const membership = new Membership();
    handled(membership, 1, ["a", "one", 0, 5]);
    handled(membership, 2, ["a", "two", 4, 6]);
    membership.begin({ number: 3, key: "b", member: "one" }, 0);
    handled(membership, 4, ["b", "two", 9, 10]);
    expect(membership.overlaps).toBe(2);
  });

  it("knows who had each lane last", () => {
    const membership = new Membership();
    const [first = "", other = ""] = ["k0", "k1", "k2", "k3", "k4"].toSorted(
      (a, b) => laneOf(a, LANES) - laneOf(b, LANES),
    );
    handled(membership, 1, [first, "one", 0, 1]);
    handled(membership, 2, [other, "one", 1, 2]);
    handled(membership, 3, [first, "two", 2, 3]);
    expect([...membership.lanesHeld().values()].reduce((sum, lanes) => sum + lanes, 0)).toBe(
      new Set([laneOf(first, LANES), laneOf(other, LANES)]).size,
    );
    expect(membership.lanesHeld().get("two")).toBe(1);
  });

  it("knows the longest pause of a lane", () => {
    const membership = new Membership();
    handled(membership, 1, ["a", "one", 0, 1]);
    handled(membership, 2, ["a", "two", 7, 8]);
    handled(membership, 3, ["a", "two", 9, 10]);
    expect(membership.longestPauseMs).toBe(7);
  });
});
