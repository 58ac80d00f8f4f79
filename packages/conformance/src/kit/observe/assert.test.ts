import { describe, expect, it } from "vitest";
import { assertThat, BrokenPromise, few, isBrokenPromise, sameBytes, sameHeaders } from "./assert.ts";

describe("assertThat", () => {
  it("throws what was seen unless the condition holds", () => {
    expect(() => assertThat(true, () => "unseen")).not.toThrow();
    expect(() => assertThat(false, () => "two deliveries")).toThrow(new BrokenPromise("two deliveries"));
  });
});

describe("isBrokenPromise", () => {
  it("finds a broken promise among the causes, and accepts no other error", () => {
    const broken = new BrokenPromise("observed");
    expect(
      isBrokenPromise(new Error("a case failed", { cause: new Error("deeper", { cause: broken }) })),
    ).toBe(true);
    expect(isBrokenPromise(new TypeError("an unrelated error", { cause: "text" }))).toBe(false);
    expect(isBrokenPromise("text")).toBe(false);
  });
});

describe("comparisons", () => {
  it("distinguish bytes by length and value, whatever the type of the array", () => {
    expect(sameBytes(Uint8Array.of(1, 2), Buffer.from([1, 2]))).toBe(true);
    expect(sameBytes(Uint8Array.of(1, 2), Uint8Array.of(1, 3))).toBe(false);
    expect(sameBytes(Uint8Array.of(1, 2), Uint8Array.of(1, 2, 3))).toBe(false);
  });

  it("distinguish headers by names and values, not by order", () => {
    expect(sameHeaders({ a: "1", b: "2" }, { b: "2", a: "1" })).toBe(true);
    expect(sameHeaders({ a: "1" }, { a: "2" })).toBe(false);
    expect(sameHeaders({ a: "1" }, { a: "1", b: "2" })).toBe(false);
    expect(sameHeaders({ toString: "x" }, { other: "x" })).toBe(false);
  });
});

describe("few", () => {
  it("shows the first items and counts the rest", () => {
    expect(few([])).toBe("none");
    expect(few([1, 2])).toBe("1, 2");
    expect(few([1, 2, 3, 4], 2)).toBe("1, 2 and 2 more");
  });
});
