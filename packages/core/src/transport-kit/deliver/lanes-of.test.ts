import { describe, expect, it } from "vitest";
import { lanesOf } from "./lanes-of.ts";

describe("lanes", () => {
  it("are counted down, so that the first is made last", () => {
    expect(lanesOf(3)).toEqual([2, 1, 0]);
  });

  it("are one without a number where there is no order", () => {
    expect(lanesOf(undefined)).toEqual([undefined]);
  });
});
