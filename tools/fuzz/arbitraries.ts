import fc from "fast-check";

/** Header names with a meaning to Waybill, a broker, a client or JavaScript. */
const NAMES = [
  ...["ce-id", "ce-type", "ce-specversion", "ce-source", "ce-__proto__", "ce-data", "ce_id", "ce_"],
  ...["__proto__", "constructor", "toString", "hasOwnProperty", "", " ", "%", "%%", "%ce-id", "é", "\u0000"],
  ...["content-type", "Content-Type", "CC", "BCC", "x-death", "x-delivery-count", "x-delay"],
  ...["waybill-id", "waybill-key", "waybill-due", "waybill-attempt", "waybill-lane", "waybill-spilled-over"],
  ...["waybill-headers", "waybill-failure-code", "waybill-failure-source", "%waybill-failure-source"],
  ...[
    "%%waybill-failure-service",
    "waybill-failure-lane",
    "Nats-Msg-Id",
    "Nats-Rollup",
    "nats-expected-stream",
  ],
];
const VALUES = [
  ...["", "1.0", "t", "x", "-1", "0", "99999", "1e3", "1e400", "NaN", "-1000000", "9007199254740991"],
  ...["9007199254740993", "0x10", "null", "true", "application/json", "application/cloudevents+json"],
  ...["=?waybill?%", "=?waybill?%00", "\ud800", "\u0000", "a\r\nb", " x ", "queue:victim", "_INBOX.x"],
];

export const NAME: fc.Arbitrary<string> = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom(...NAMES) },
  { weight: 1, arbitrary: fc.string({ unit: "binary", maxLength: 12 }) },
  { weight: 1, arbitrary: fc.nat(300).map((length) => "a".repeat(length)) },
);

export const VALUE: fc.Arbitrary<string> = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom(...VALUES) },
  { weight: 2, arbitrary: fc.string({ unit: "binary", maxLength: 20 }) },
  { weight: 1, arbitrary: fc.nat(5_000).map((length) => "é".repeat(length)) },
);

export const HEADERS: fc.Arbitrary<readonly (readonly [string, string])[]> = fc.array(fc.tuple(NAME, VALUE), {
  maxLength: 6,
});

/** Returns the headers as an object, which may also have a property named `__proto__`. */
export function headersObject<Value>(headers: readonly (readonly [string, Value])[]): Record<string, Value> {
  return Object.fromEntries(headers);
}

const TEXTS = [
  '{"specversion":"1.0","id":"a","source":"s","type":"fuzz.do","data":{"n":1}}',
  '{"specversion":"1.0","id":"a","source":"s","type":"fuzz.do","replyto":"waybill.reply.x","data":{"n":0}}',
  '{"specversion":"1.0","id":"a","source":"s","type":"t","data_base64":"AAEC","subject":"x","n":1,"b":true}',
  ...['{"n":1}', "{}", "[]", "null", '"x"', "-0", "1e999", "12345678", "", "\u00ff\u00fe"],
];
const TOKENS = [
  ...['"', "{", "}", "[", "]", ",", ":", "null", "1e999", "\\u0000", "\\ud800", "\u2028", "\u0000"],
  ...['"__proto__":', '"constructor":"x"', '"time":"x",', '"replyto":"r",', '"partitionkey":"k",'],
];

interface Edit {
  readonly at: number;
  readonly kind: "insert" | "delete" | "overwrite" | "flip" | "cut" | "double";
  readonly token: string;
  readonly byte: number;
}

const EDIT: fc.Arbitrary<Edit> = fc.record({
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  kind: fc.constantFrom("insert", "delete", "overwrite", "flip", "cut", "double"),
  token: fc.constantFrom(...TOKENS),
  byte: fc.nat(255),
});

/** Returns the bytes with a few changes. */
function applyEdits(bytes: Buffer, edits: readonly Edit[]): Buffer {
  let result = Buffer.from(bytes);
  for (const { at, kind, token, byte } of edits) {
    const position = Math.min(result.length, Math.floor(at * (result.length + 1)));
    const [left, right] = [result.subarray(0, position), result.subarray(position)];
    if (kind === "insert") result = Buffer.concat([left, Buffer.from(token), right]);
    else if (kind === "delete") result = Buffer.concat([left, right.subarray(1 + (byte % 8))]);
    else if (kind === "cut") result = left;
    else if (kind === "double") result = Buffer.concat([result, right]);
    else if (right.length > 0) {
      result = Buffer.concat([left, right]);
      result[position] = kind === "flip" ? (result[position] ?? 0) ^ (1 << (byte & 7)) : byte;
    }
    if (result.length > 65_536) result = result.subarray(0, 65_536);
  }
  return result;
}

/** Generates bytes that differ from one of the seeds in a few places. */
export function mutated(seeds: readonly Buffer[]): fc.Arbitrary<Buffer> {
  return fc
    .tuple(fc.constantFrom(...seeds), fc.array(EDIT, { maxLength: 6 }))
    .map(([seed, edits]) => applyEdits(seed, edits));
}

export const BODY: fc.Arbitrary<Buffer> = mutated(TEXTS.map((text) => Buffer.from(text)));
