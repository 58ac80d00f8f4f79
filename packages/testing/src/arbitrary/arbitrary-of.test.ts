import { command, event, isMessagingError, type Schema } from "@waybill/core";
import { type } from "arktype";
import fc from "fast-check";
import * as v from "valibot";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { arbitraryOf } from "./arbitrary-of.ts";

const dataOf = (data: Schema, count = 200): readonly unknown[] =>
  fc.sample(arbitraryOf(event("some.event", { data })), { numRuns: count, seed: 1 });

function codeOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (isMessagingError(error, "invalid-option")) return error.message;
    throw error;
  }
  return "nothing was thrown";
}

const Node: z.ZodType = z.object({
  value: z.number(),
  get children() {
    return z.array(Node).max(3);
  },
});

describe("arbitraryOf", () => {
  it.each([
    [
      "numbers",
      z.object({
        any: z.number(),
        whole: z.int(),
        few: z.number().int().min(1).max(3),
        even: z.number().multipleOf(2),
        some: z.number().gt(0).lt(1),
      }),
    ],
    [
      "texts",
      z.object({
        any: z.string(),
        long: z.string().min(3).max(5),
        like: z.string().regex(/^[A-Z]{2}-\d{3}$/),
      }),
    ],
    [
      "formats",
      z.object({
        id: z.uuid(),
        mail: z.email(),
        at: z.iso.datetime(),
        on: z.iso.date(),
        url: z.url(),
        ip: z.ipv4(),
      }),
    ],
    [
      "choices",
      z.object({
        word: z.enum(["a", "b"]),
        five: z.literal(5),
        either: z.union([z.string(), z.number()]),
        maybe: z.string().nullable(),
      }),
    ],
    [
      "optional and defaulted properties",
      z.object({ may: z.string().optional(), has: z.number().default(3) }),
    ],
    [
      "lists and tuples",
      z.object({
        list: z.array(z.number()).min(2).max(4),
        pair: z.tuple([z.string(), z.boolean()]),
        rest: z.tuple([z.string()], z.number()),
      }),
    ],
    ["records", z.object({ byName: z.record(z.string(), z.boolean()) })],
    [
      "discriminated unions",
      z.discriminatedUnion("kind", [
        z.object({ kind: z.literal("a") }),
        z.object({ kind: z.literal("b"), n: z.number() }),
      ]),
    ],
    ["intersections", z.intersection(z.object({ a: z.string() }), z.object({ b: z.number() }))],
    ["recursive objects", Node],
    ["anything", z.object({ any: z.unknown() })],
    ["objects of arktype", type({ name: "string > 0", age: "number.integer >= 0", "sort?": "'a'|'b'" })],
  ])("generates %s from the schema", { timeout: 60_000 }, (_, schema) => {
    for (const data of dataOf(schema)) {
      const result = schema["~standard"].validate(structuredClone(data));
      expect(result).not.toHaveProperty("issues");
      expect(JSON.parse(JSON.stringify(data))).toEqual(data); // messages carry JSON
    }
  });

  it("generates objects with and without their optional properties", () => {
    const all = dataOf(z.object({ may: z.boolean().optional() })).map((data) => JSON.stringify(data));
    expect(new Set(all)).toEqual(new Set(["{}", '{"may":true}', '{"may":false}']));
  });

  it("skips values that the schema refuses", () => {
    const even = z.object({
      n: z
        .number()
        .int()
        .refine((n) => n % 2 === 0),
    });
    for (const data of dataOf(even)) expect(even.safeParse(data).success).toBe(true);
  });

  it("shrinks to the smallest failing data", () => {
    const Order = command("shop.order", {
      data: z.object({ items: z.array(z.int().min(0)), note: z.string() }),
    });
    const result = fc.check(
      fc.property(arbitraryOf(Order), ({ items }) => items.every((item) => item < 10)),
      { seed: 1 },
    );
    expect(result.counterexample).toEqual([{ items: [10], note: "" }]);
  });

  it("needs a supplied arbitrary for a schema that does not describe itself", () => {
    const Said = event("valibot.said", { data: v.object({ text: v.pipe(v.string(), v.minLength(2)) }) });
    expect(codeOf(() => arbitraryOf(Said))).toContain(
      "The schema of event valibot.said (valibot) does not describe itself as JSON Schema. Supply an arbitrary of its data",
    );
    const supplied = arbitraryOf(Said, fc.record({ text: fc.string() }));
    for (const { text } of fc.sample(supplied, { numRuns: 50, seed: 1 }))
      expect(text.length).toBeGreaterThanOrEqual(2);
  });

  it("refuses a schema that JSON Schema cannot describe", () => {
    const Dated = event("zod.dated", { data: z.object({ at: z.date() }) });
    expect(codeOf(() => arbitraryOf(Dated))).toContain(
      "arbitraryOf cannot generate data from the schema of event zod.dated (zod)",
    );
  });

  it("fails after 1,000 refused values in a row instead of searching for ever", () => {
    const magic = z.object({ n: z.number().refine(() => false, "is never right") });
    expect(codeOf(() => dataOf(magic))).toMatch(
      /The schema of event some\.event refused 1000 generated values in a row; the last issue: is never right/,
    );
  });
});
