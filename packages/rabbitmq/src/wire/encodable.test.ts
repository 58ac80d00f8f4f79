import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import fc from "fast-check";
import { expect, it } from "vitest";
import { isEncodable } from "./encodable.ts";

const require = createRequire(import.meta.url);

/** amqplib's private writer and reader of header tables. */
const codec = require(join(dirname(require.resolve("amqplib")), "lib/codec.js")) as {
  encodeTable(buffer: Buffer, table: unknown, offset: number): number;
  decodeFields(bytes: Buffer): Record<string, unknown>;
};

const TYPE = fc.constantFrom("double", "float", "float64", "long", "int", "timestamp", "decimal", "nosuch");
const { tree: TABLE } = fc.letrec<{ tree: unknown; leaf: unknown }>((tie) => ({
  leaf: fc.oneof(fc.string(), fc.integer(), fc.double(), fc.boolean(), fc.constant(null)),
  tree: fc.oneof(
    { maxDepth: 3 },
    tie("leaf"),
    fc.array(tie("tree"), { maxLength: 3 }),
    fc.dictionary(fc.string(), tie("tree"), { maxKeys: 3, noNullPrototype: true }),
    fc.record({ "!": TYPE, value: tie("tree") }),
  ),
}));

it("an encodable header value is read as it was written", () => {
  fc.assert(
    fc.property(TABLE, (value) => {
      if (!isEncodable({ value })) return;
      const buffer = Buffer.alloc(100_000);
      let length = 0;
      try {
        length = codec.encodeTable(buffer, { value }, 0);
      } catch {
        return; // amqplib refuses it before it writes anything
      }
      expect(isEncodable(codec.decodeFields(buffer.subarray(4, length)))).toBe(true);
    }),
  );
});

it.each([
  [{ "!": "double", value: "abc" }],
  [{ "!": "float", value: 1e300 }],
  [{ "!": "nosuch", value: "1" }],
  [{ "!": "timestamp", value: "abc" }],
  [{ "!": "decimal", value: null }],
  [[[{ a: { "!": "double", value: {} } }]]],
  [Number.NaN],
  [Object.create({ "!": "double", value: "abc" })],
])("a value that amqplib would alter is not encodable: %j", (value) => {
  expect(isEncodable({ value })).toBe(false);
});

it("values in the form that amqplib reads are encodable", () => {
  const decimal = { "!": "decimal", value: { places: 2, digits: 12_345 } };
  expect(
    isEncodable({
      decimal,
      time: { "!": "timestamp", value: 5 },
      bytes: Buffer.from([255]),
      list: [1, null],
    }),
  ).toBe(true);
});
