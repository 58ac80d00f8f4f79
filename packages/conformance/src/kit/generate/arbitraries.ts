import type { Headers } from "@waybill/core/transport";
import fc from "fast-check";

/** A body of any bytes, empty or up to 5,000 bytes long. */
export const BODY: fc.Arbitrary<Uint8Array> = fc.oneof(
  fc.uint8Array({ maxLength: 64 }),
  fc.uint8Array({ minLength: 1_000, maxLength: 5_000 }),
);

/** A header name as applications choose them: ASCII, and no two that differ only in case. */
const NAME = fc.stringMatching(/^[a-z][a-z0-9]{0,20}(-[a-z0-9]{1,10})?$/).map((name) => `app-${name}`);

/** Any text that UTF-8 can encode: empty, padded, with line breaks, control characters and all planes. */
const VALUE = fc.oneof(
  fc.string({ unit: "binary", maxLength: 40 }),
  fc.constantFrom("", " ", " padded ", "two\nlines", "\r\n", "tab\there", "ä€𝄞", "%41", '"quoted"', "\u0000"),
);

export const HEADERS: fc.Arbitrary<Headers> = fc.dictionary(NAME, VALUE, {
  maxKeys: 8,
  noNullPrototype: true,
});

/** One of a few keys, so that several messages share a key. */
export const KEY: fc.Arbitrary<string> = fc.constantFrom("a", "b", "c", "d", "e", "f", "g", "h");

export const KEYS: fc.Arbitrary<readonly string[]> = fc.array(KEY, { minLength: 4, maxLength: 60 });
