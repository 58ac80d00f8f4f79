import { runInNewContext } from "node:vm";
import { describe, expect, it } from "vitest";
import { describeThrown, describeWithCauses } from "./describe-thrown.ts";

const withMessage = (message: unknown): Error => Object.assign(new Error("x"), { message });

function revoked(): object {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
}

function cyclic(): Error {
  const error = new Error("round");
  error.cause = error;
  return error;
}

const refusing: ProxyHandler<object> = {
  get: () => {
    throw new Error("no");
  },
  has: () => {
    throw new Error("no");
  },
  ownKeys: () => {
    throw new Error("no");
  },
  getPrototypeOf: () => {
    throw new Error("no");
  },
};

describe("the text of a thrown value", () => {
  it("is the message of an error, also when that is no string", () => {
    expect(describeThrown(new Error("plain"))).toBe("plain");
    expect(describeThrown(withMessage(["name must be a text", "age must be a number"]))).toBe(
      "name must be a text; age must be a number",
    );
    expect(describeThrown(withMessage({ detail: "no" }))).toBe('{"detail":"no"}');
    expect([42, null, undefined, ""].map((message) => describeThrown(withMessage(message)))).toEqual([
      "42",
      "Error",
      "Error",
      "Error",
    ]);
  });

  it("is the message of an error of another realm, and of an object like an error", () => {
    expect(describeThrown(runInNewContext("new TypeError('foreign')"))).toBe("foreign");
    expect(describeThrown({ message: "looks like one" })).toBe("looks like one");
  });

  it("lists the errors of an aggregate that has no message", () => {
    const many = Array.from({ length: 1_000_000 }, () => ({ message: "no route" }));
    expect(describeThrown(new AggregateError(many.slice(0, 2)))).toBe("AggregateError: no route; no route");
    expect(describeThrown(new AggregateError(many))).toContain("and 999990 more");
  });

  it("is short for bytes and boxed strings, which have a property for each element", () => {
    expect(describeThrown(new Uint8Array(50_000_000))).toBe("Uint8Array of 50000000 bytes");
    expect(describeThrown(withMessage(Buffer.alloc(50_000_000)))).toBe("Uint8Array of 50000000 bytes");
    expect(describeThrown({ response: new Float64Array(3) })).toBe('{"response":Float64Array of 24 bytes}');
    expect(describeThrown(Object("x".repeat(50_000_000)))).toHaveLength(402);
  });

  it("names the class of an object without properties", () => {
    expect(describeThrown(new Map([[1, 2]]))).toBe("{} of class Map");
    expect(describeThrown(new Response("no", { status: 500 }))).toBe("{} of class Response");
    expect(describeThrown(Object.create(null))).toBe("{}");
  });

  it("exists for values that throw on every access", () => {
    for (const value of [
      revoked(),
      new Proxy({}, refusing),
      new Proxy([], refusing),
      new Proxy(() => 1, refusing),
    ])
      expect(describeThrown(value)).toMatch(/./);
    const silent = Object.defineProperty(new Error("x"), "message", {
      get() {
        throw new Error("no message");
      },
    });
    expect(describeThrown(silent)).toBe("Error");
    expect([undefined, null, 10n, Symbol("s"), {}, [], () => 1].map(describeThrown)).toEqual([
      "undefined",
      "null",
      "10n",
      "Symbol(s)",
      "{}",
      "[]",
      "function",
    ]);
  });

  it("has a bounded length, and never ends in a lone surrogate", () => {
    const deep = Array.from({ length: 10_000 }).reduce<unknown>((inner) => ({ inner }), {});
    const wide = Object.fromEntries(
      Array.from({ length: 10_000 }, (_, at) => [`property${at}`, "x".repeat(99)]),
    );
    for (const value of ["x".repeat(50_000_000), new Error("😀".repeat(3_000)), deep, wide, cyclic()])
      expect(describeWithCauses(value).length).toBeLessThanOrEqual(4_000);
    expect(describeThrown(new Error("😀".repeat(3_000)))).not.toMatch(/[\ud800-\udbff]…?$/);
  });

  it("includes the causes for the operator", () => {
    const failure = new TypeError("fetch failed", { cause: new Error("connect ECONNREFUSED") });
    expect(describeWithCauses(failure)).toBe("fetch failed (cause: connect ECONNREFUSED)");
    expect(describeThrown(failure)).toBe("fetch failed");
    expect(describeWithCauses(cyclic())).toBe("round");
  });
});
