import { createRequire } from "node:module";
import fc from "fast-check";
import { expect, it } from "vitest";
import { crc32c } from "./crc32c.ts";

const other = createRequire(import.meta.url)("kafkajs/src/protocol/recordBatch/crc32C/index.js") as (
  bytes: Buffer,
) => number;

it("the checksum equals the examples of RFC 3720, appendix B.4", () => {
  expect(crc32c(Buffer.alloc(32))).toBe(0x8a91_36aa);
  expect(crc32c(Buffer.alloc(32, 0xff))).toBe(0x62a8_ab43);
  expect(crc32c(Buffer.from(Array.from({ length: 32 }, (_, at) => at)))).toBe(0x46dd_794e);
});

it("the checksum equals that of kafkajs, for any length", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
      expect(crc32c(bytes)).toBe(other(Buffer.from(bytes)));
    }),
  );
});
