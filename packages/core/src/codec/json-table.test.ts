import { runInNewContext } from "node:vm";
import { describe, expect, it } from "vitest";
import { checkJson } from "./json-check.ts";

class Money {
  readonly cents = 5;
}
class Secret {
  readonly #value = 5;
  get value(): number {
    return this.#value;
  }
}
class Text {
  readonly #text = "5 EUR";
  toJSON(): string {
    return this.#text;
  }
}
function* numbers(): Iterable<number> {
  yield 1;
}
const KEY = Symbol("key");

describe("data that JSON would change is refused with its path", () => {
  it.each<[string, unknown, string]>([
    ["NaN", Number.NaN, "NaN"],
    ["an infinity", -Infinity, "-Infinity"],
    ["a bigint", 1n, "a bigint"],
    ["a function", () => 1, "a function"],
    ["a symbol", KEY, "a symbol"],
    ["a Map", new Map([[1, 2]]), "a Map"],
    ["a Set", new Set([1]), "a Set"],
    ["a WeakMap", new WeakMap(), "a WeakMap"],
    ["a WeakSet", new WeakSet(), "a WeakSet"],
    ["a WeakRef", new WeakRef({}), "a WeakRef"],
    ["a Promise", Promise.resolve(1), "a Promise"],
    ["a RegExp", /x/, "a RegExp"],
    ["an Error", new TypeError("x"), "a TypeError"],
    ["bytes", Uint8Array.of(1), "a Uint8Array"],
    ["a Buffer", Buffer.from("x"), "a Buffer"],
    ["a view", new DataView(new ArrayBuffer(1)), "a DataView"],
    ["floats", Float64Array.of(1.5), "a Float64Array"],
    ["an ArrayBuffer", new ArrayBuffer(1), "a ArrayBuffer"],
    ["a SharedArrayBuffer", new SharedArrayBuffer(1), "a SharedArrayBuffer"],
    ["an instance with private fields only", new Secret(), "a Secret"],
    ["URLSearchParams", new URLSearchParams("a=1"), "a URLSearchParams"],
    ["Headers", new Headers({ a: "1" }), "a Headers"],
    ["FormData", new FormData(), "a FormData"],
    ["a Blob", new Blob(["x"]), "a Blob"],
    ["a generator", numbers(), "which JSON writes as {}"],
    ["an iterator", [1].values(), "which JSON writes as {}"],
    ["a boxed number", Object(1), "a Number"],
    ["a boxed string", Object("text"), "a String"],
    ["a boxed boolean", Object(true), "a Boolean"],
    ["a boxed bigint", Object(1n), "a BigInt"],
    ["a boxed symbol", Object(KEY), "a Symbol"],
    ["an object with a symbol as key", { [KEY]: 1, a: 1 }, "Symbol(key)"],
    ["an invalid Date", new Date(Number.NaN), "an invalid Date"],
    ["a toJSON that returns undefined", { toJSON: () => undefined }, "undefined"],
    ["a Map of another realm", runInNewContext("new Map()"), "a Map"],
    ["an Error of another realm", runInNewContext("new Error('x')"), "a Error"],
    ["a getter that throws", Object.defineProperty({}, "x", { enumerable: true, get: fail }), "threw no"],
    ["a toJSON that throws", { toJSON: fail }, "threw no"],
    ["a revoked proxy", revoked(), "threw"],
  ])("%s", (_, value, problem) => {
    for (const data of [value, { inner: value }, [value], { deep: [{ inner: value }] }])
      expect(() => checkJson(data, "shop.order")).toThrow(
        expect.objectContaining({ code: "not-serializable" }),
      );
    expect(() => checkJson({ deep: [{ inner: value }] }, "shop.order")).toThrow(problem);
  });

  it("undefined and holes in a list", () => {
    expect(() => checkJson([1, undefined], "t")).toThrow("data[1] is undefined");
    // oxlint-disable-next-line no-sparse-arrays
    expect(() => checkJson([1, , 2], "t")).toThrow("data[1] is undefined");
  });
});

describe("data that JSON can write is accepted", () => {
  it.each<[string, unknown, unknown]>([
    ["plain data", { a: [1, "x", true, null, {}] }, { a: [1, "x", true, null, {}] }],
    ["an absent property", { a: 1, b: undefined }, { a: 1 }],
    ["-0, as 0", [-0], [0]],
    ["an instance, by its properties", new Money(), { cents: 5 }],
    ["an instance with toJSON", new Text(), "5 EUR"],
    ["a Date, as text", new Date(0), "1970-01-01T00:00:00.000Z"],
    ["a URL, as text", new URL("https://example.org"), "https://example.org/"],
    ["an object without a prototype", Object.assign(Object.create(null), { a: 1 }), { a: 1 }],
    ["plain data of another realm", runInNewContext("({ a: [{}, {}] })"), { a: [{}, {}] }],
    ["a property that is not enumerable", Object.defineProperty({ a: 1 }, KEY, { value: 1 }), { a: 1 }],
  ])("%s", (_, value, written) => {
    checkJson(value, "t");
    expect(JSON.parse(JSON.stringify(value))).toEqual(written);
  });
});

function fail(): never {
  throw new Error("no");
}

function revoked(): unknown {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
}
