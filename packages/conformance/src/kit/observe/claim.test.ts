import { describe, expect, it } from "vitest";
import { BrokenPromise, claim, few, isBrokenPromise, sameBytes, sameHeaders } from "./claim.ts";

describe("claim", () => {
  it("passes what holds and throws what was seen otherwise", () => {
    expect(() => claim(true, () => "unseen")).not.toThrow();
    expect(() => claim(false, () => "two came")).toThrow(new BrokenPromise("two came"));
  });
});

describe("isBrokenPromise", () => {
  it("looks through the causes, and takes nothing else for one", () => {
    const broken = new BrokenPromise("seen");
    expect(
      isBrokenPromise(new Error("a case failed", { cause: new Error("deeper", { cause: broken }) })),
    ).toBe(true);
    expect(isBrokenPromise(new TypeError("an accident", { cause: "text" }))).toBe(false);
    expect(isBrokenPromise("text")).toBe(false);
  });
});

describe("comparing", () => {
  it("tells bytes apart by length and by value, whatever kind of array holds them", () => {
    expect(sameBytes(Uint8Array.of(1, 2), Buffer.from([1, 2]))).toBe(true);
    expect(sameBytes(Uint8Array.of(1, 2), Uint8Array.of(1, 3))).toBe(false);
    expect(sameBytes(Uint8Array.of(1, 2), Uint8Array.of(1, 2, 3))).toBe(false);
  });

  it("tells headers apart by names and values, and not by their order", () => {
    expect(sameHeaders({ a: "1", b: "2" }, { b: "2", a: "1" })).toBe(true);
    expect(sameHeaders({ a: "1" }, { a: "2" })).toBe(false);
    expect(sameHeaders({ a: "1" }, { a: "1", b: "2" })).toBe(false);
    expect(sameHeaders({ toString: "x" }, { other: "x" })).toBe(false);
  });
});

describe("few", () => {
  it("shows the first and counts the rest", () => {
    expect(few([])).toBe("none");
    expect(few([1, 2])).toBe("1, 2");
    expect(few([1, 2, 3, 4], 2)).toBe("1, 2 and 2 more");
  });
});
