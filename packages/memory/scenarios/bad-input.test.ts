import { command, event, service, bytesCodec } from "@waybill/core";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { failureOf, ONE_TRY, World } from "./world.ts";

let world: World;
beforeEach(() => void (world = new World()));
afterEach(() => world.end());

const Anything = command("owner.anything", { data: z.unknown() });
const cyclic: Record<string, unknown> = {};
cyclic["self"] = cyclic;
const deep = (levels: number): unknown => JSON.parse("[".repeat(levels) + "]".repeat(levels));

/** Sends data and returns the data that the handler got. */
async function roundTrip(data: unknown): Promise<unknown> {
  let got: unknown = "nothing";
  const owner = service("owner").handle(Anything, (received) => void (got = received));
  const bus = await world.bus({ services: [owner] });
  await bus.send(Anything, data);
  await world.settle();
  expect(await bus.deadLetters("owner").list()).toEqual([]);
  return got;
}

describe("data that JSON would change or cannot write is refused with its path, and nothing is sent", () => {
  it.each([
    ["NaN", { a: [1, { b: Number.NaN }] }, "data.a[1].b is NaN"],
    ["infinity", -Infinity, "data is -Infinity"],
    ["a bigint", { a: 1n }, "data.a is a bigint"],
    ["a cycle", cyclic, "nested deeper than 500 levels, or contains itself"],
    ["more than 500 levels", deep(501), "nested deeper"],
    ["a map", { a: new Map() }, "data.a is a Map"],
    ["a function", { a: [() => 1] }, "data.a[0] is a function"],
    ["a hole", [1, undefined], "data[1] is undefined"],
    ["a symbol", Symbol("s"), "data is a symbol"],
    ["an invalid date", { at: new Date("never") }, "data.at is an invalid Date"],
    ["bytes", { b: new Uint8Array(2) }, "data.b is a Uint8Array"],
  ])("%s", async (_, data, text) => {
    const bus = await world.bus({ sends: [Anything] });
    const error = await failureOf(bus.send(Anything, data));
    expect(error).toMatchObject({ code: "not-serializable" });
    expect(String(error)).toContain(text);
    expect(
      world.broker.depth({ kind: "queue", name: "owner.anything", group: "x", lanes: undefined }).ready,
    ).toBe(0);
  });
});

describe("unusual data that JSON can write arrives unchanged", () => {
  it.each([
    ["nothing", undefined],
    ["null", null],
    ["empty texts and names", { "": "", a: [] }],
    ["lone surrogates", { text: "\uD800x\uDC00" }],
    ["any Unicode", { "𝒳\u0000\u2028": "👩‍👩‍👧" }],
    ["__proto__ as data", JSON.parse('{"__proto__":{"polluted":true},"constructor":1}') as unknown],
    ["500 levels", deep(500)],
    ["a megabyte", "x".repeat(1_000_000)],
  ])("%s", async (_, data) => {
    const got = await roundTrip(data);
    expect(got).toEqual(data);
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });

  it("dates and other values with toJSON arrive as the result of toJSON", async () => {
    expect(await roundTrip({ at: new Date(0), n: { toJSON: () => 5 } })).toEqual({
      at: "1970-01-01T00:00:00.000Z",
      n: 5,
    });
  });
});

describe("a message that cannot be sent is refused with a coded error", () => {
  it("that is too large: the error has both sizes; a reply that is too large fails its command", async () => {
    const huge = "x".repeat(17 * 1024 * 1024);
    const bus = await world.bus({ sends: [Anything] });
    const error = await failureOf(bus.send(Anything, huge));
    expect(error).toMatchObject({ code: "too-large", maybeStored: false });
    const Big = command("owner.big", { data: z.null(), reply: z.string() });
    const owner = await world.bus({ services: [service("owner").handle(Big, () => huge)] });
    expect(await failureOf(owner.request(Big, null))).toMatchObject({ remoteCode: "too-large" });
    await world.settle(); // the requester gets the failure first
    expect(await owner.deadLetters("owner").list()).toMatchObject([
      { failure: { code: "too-large", tries: 1 } },
    ]);
  });

  it("whose key function throws or returns no string", async () => {
    const odd = command("owner.odd", { data: z.object({}), key: (() => 5) as never });
    const bad = command("owner.bad", {
      data: z.object({}),
      key: () => {
        throw new Error("no key");
      },
    });
    const bus = await world.bus({ sends: [odd, bad] });
    expect(await failureOf(bus.send(odd, {}))).toMatchObject({ code: "invalid-data" });
    expect(String(await failureOf(bus.send(bad, {})))).toContain("no key");
  });

  it("whose schema throws, at the sender or at the receiver", async () => {
    const throwing = z.unknown().transform(() => {
      throw new Error("schema broke");
    });
    const out = command("owner.out", { data: throwing });
    const bus = await world.bus({ sends: [out] });
    expect(await failureOf(bus.send(out, 1))).toMatchObject({ code: "invalid-data" });
    const fine = event("facts.fine", { data: z.unknown() });
    const strict = event("facts.fine", { data: throwing });
    await world.bus({ services: [service("strict").on(strict, () => undefined)] });
    await bus.publish(fine, 1);
    await world.settle();
    expect(await bus.deadLetters("strict").list()).toMatchObject([{ failure: { code: "invalid-message" } }]);
  });
});

describe("data that is not JSON", () => {
  const Photo = command("owner.photo", { data: z.instanceof(Uint8Array), codec: bytesCodec });

  it("travels as bytes, in binary mode", async () => {
    let got: Uint8Array | undefined;
    const bus = await world.bus({
      services: [service("owner").handle(Photo, (bytes) => void (got = bytes))],
    });
    await bus.send(Photo, Uint8Array.of(0, 255, 10));
    await world.settle();
    expect([...(got ?? [])]).toEqual([0, 255, 10]);
  });

  it("may be changed by its handler; the next try gets the original data", async () => {
    const got: number[][] = [];
    const owner = service("owner", { recovery: { immediate: 1, delayed: false } }).handle(Photo, (bytes) => {
      got.push([...bytes]);
      bytes.fill(9);
      if (got.length === 1) throw new Error("once more");
    });
    const bus = await world.bus({ services: [owner] });
    await bus.send(Photo, Uint8Array.of(1, 2));
    await world.settle();
    expect(got).toEqual([
      [1, 2],
      [1, 2],
    ]);
  });

  it("that its codec refuses is an error at the sender and a dead letter at the receiver", async () => {
    const picky = {
      contentType: "application/x-picky",
      encode: () => Uint8Array.of(1),
      decode: () => JSON.parse("{") as unknown,
    };
    const Picky = command("owner.picky", { data: z.unknown(), codec: picky });
    const wrong = command("owner.photo", { data: z.unknown(), codec: bytesCodec });
    const bus = await world.bus({
      services: [service("owner", { recovery: ONE_TRY }).handle(Picky, () => undefined)],
      sends: [wrong],
    });
    expect(await failureOf(bus.send(wrong, "no bytes"))).toMatchObject({ code: "not-serializable" });
    await bus.send(Picky, 1);
    await world.settle();
    expect(await bus.deadLetters("owner").list()).toMatchObject([{ failure: { code: "undecodable" } }]);
  });
});

describe("names", () => {
  it.each(["", " ", "a b", "a..b", ".a", "a.", "a*", "a>", "ä", "a/b", "x".repeat(101), 5, null, undefined])(
    "%j is refused as the name of a contract, a destination or a service",
    async (name) => {
      const data = z.null();
      expect(() => command(name as never, { data })).toThrow(/invalid-name/);
      if (name !== undefined)
        expect(() => event("ok", { data, destination: name as never })).toThrow(/invalid-name/);
      expect(() => service(name as never)).toThrow(/invalid-name/);
    },
  );
});
