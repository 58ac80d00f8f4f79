import { systemClock } from "../environment/clock.ts";
import { type } from "arktype";
import * as v from "valibot";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { checkData } from "../pipeline/outgoing/check-data.ts";
import { MessagingError } from "../environment/messaging-error.ts";
import { bytesCodec } from "./codec.ts";
import { command, event } from "./declare-contract.ts";

const data = z.object({ n: z.number() });
const PLAIN = { read: () => ({ n: 1 }), write: () => ({}) };

describe("a contract", () => {
  it("has a destination of its own name, and four lanes with a key, none without", () => {
    expect(command("a.b", { data })).toMatchObject({
      kind: "command",
      name: "a.b",
      destination: "a.b",
      lanes: undefined,
      mode: "structured",
    });
    expect(event("a.b", { data, key: () => "k", destination: "c", retain: "30d" })).toMatchObject({
      kind: "event",
      destination: "c",
      lanes: 4,
      retainMs: 2_592_000_000,
    });
    expect(command("a", { data: z.instanceof(Uint8Array), codec: bytesCodec }).mode).toBe("binary");
    expect(Object.isFrozen(command("a", { data }))).toBe(true);
  });

  it.each([
    ["lanes without a key", () => command("a", { data, lanes: 2 })],
    ["0 lanes", () => command("a", { data, key: String, lanes: 0 })],
    ["1.5 lanes", () => command("a", { data, key: String, lanes: 1.5 })],
    ["too many lanes", () => command("a", { data, key: String, lanes: 257 })],
    ["no schema", () => command("a", { data: undefined as never })],
    ["a value that is no schema", () => command("a", { data: { n: 1 } as never })],
    ["a reply that is no schema", () => command("a", { data, reply: 5 as never })],
    ["a key that is no function", () => command("a", { data, key: "n" as never })],
    ["a plain format and a key", () => command("a", { data, plain: PLAIN, key: String })],
    ["a plain format and a codec", () => command("a", { data, plain: PLAIN, codec: bytesCodec })],
    ["a plain format and a mode", () => event("a", { data, plain: PLAIN, mode: "binary" })],
    ["a plain format and a reply", () => command("a", { data, plain: PLAIN, reply: data })],
    ["a codec in structured mode", () => command("a", { data, codec: bytesCodec, mode: "structured" })],
    ["history for 0 ms", () => event("a", { data, retain: 0 })],
  ])("refuses %s", (_, declare) => {
    expect(declare).toThrow(/invalid-contract/);
  });
});

describe("any Standard Schema library", () => {
  const check = {
    refuse: (issues: string) => new MessagingError("invalid-data", { what: issues, advice: "" }),
    clock: systemClock,
  };
  const schemas = {
    zod: z.object({ address: z.object({ street: z.string().min(1) }), n: z.number().default(5) }),
    valibot: v.object({
      address: v.object({ street: v.pipe(v.string(), v.minLength(1)) }),
      n: v.optional(v.number(), 5),
    }),
    arktype: type({ address: { street: "string > 0" }, n: "number = 5" }),
    "zod, async": z.object({
      address: z.object({ street: z.string().refine((street) => Promise.resolve(street !== "")) }),
      n: z.number().default(5),
    }),
    "valibot, async": v.objectAsync({
      address: v.objectAsync({
        street: v.pipeAsync(
          v.string(),
          v.checkAsync((street) => Promise.resolve(street !== "")),
        ),
      }),
      n: v.optional(v.number(), 5),
    }),
  };

  it.each(Object.entries(schemas))(
    "%s checks data, fills in defaults, and names the path of invalid data",
    async (_, schema) => {
      const contract = command("a", { data: schema });
      expect(await checkData(contract.data, { address: { street: "x" } }, check)).toEqual({
        address: { street: "x" },
        n: 5,
      });
      const wrong = async (): Promise<unknown> =>
        checkData(contract.data, { address: { street: "" } }, check);
      await expect(wrong()).rejects.toThrow("address.street: ");
    },
  );
});
