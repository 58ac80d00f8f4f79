import { gzipSync } from "node:zlib";
import { expect, it } from "vitest";
import { crc32c } from "./records/crc32c.ts";
import { LIMITS } from "./records/batch-limits.ts";
import { recordBatch } from "./records/record-batch.ts";
import { readRecordSet } from "./records/record-set.ts";

const MB = 1_000_000;
const HEADER_BYTES = 61;
const NUMBERING = { producerId: "1", producerEpoch: 0, firstSequence: 0 };
/** The most memory and CPU time that one message may cost, besides its own size. */
const MOST_BYTES = 10 * MB;
const MOST_CPU_MS = 200;

function batchOf(content: Buffer, count = 1): Buffer {
  const head = recordBatch([{ key: null, value: null, headers: {}, timestamp: 1 }], NUMBERING);
  const whole = Buffer.concat([head.subarray(0, HEADER_BYTES), gzipSync(content)]);
  whole.writeInt32BE(whole.length - 12, 8);
  whole.writeInt16BE(1, 21);
  whole.writeInt32BE(count - 1, 23);
  whole.writeInt32BE(count, 57);
  whole.writeUInt32BE(crc32c(whole.subarray(21)), 17);
  return whole;
}

function varint(number: number): Buffer {
  const bytes: number[] = [];
  let rest = 2 * number;
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 128);
  return Buffer.from([...bytes, rest]);
}

/** Returns a record whose headers all have different names. */
function withHeaders(count: number): Buffer {
  const names = Array.from({ length: count }, (_, at) => {
    const name = Buffer.from(at.toString(36).padStart(4, "0"));
    return Buffer.concat([Buffer.from([2 * name.length]), name, Buffer.from([0])]);
  });
  const inner = Buffer.concat([Buffer.from([0, 0, 0, 1, 1]), varint(count), ...names]);
  return Buffer.concat([varint(inner.length), inner]);
}

/** Returns a batch of zeros that declares a small size. */
function denying(size: number): Buffer {
  const whole = batchOf(Buffer.alloc(size));
  whole.writeUInt32LE(100, whole.length - 4);
  whole.writeUInt32BE(crc32c(whole.subarray(21)), 17);
  return whole;
}

const WORST: readonly (readonly [string, Buffer, number])[] = [
  [
    "as many headers as are supported",
    batchOf(withHeaders(LIMITS.headers)),
    withHeaders(LIMITS.headers).length,
  ],
  ["more headers than are supported", batchOf(withHeaders(3 * LIMITS.headers)), 0],
  ["records that decompress to 200 MiB", batchOf(Buffer.alloc(200 * 1_024 * 1_024)), 0],
  [
    "records that decompress to 200 MiB, with a false size",
    denying(200 * 1_024 * 1_024),
    200 * 1_024 * 1_024,
  ],
  ["2^31-1 records", batchOf(Buffer.alloc(7), 2 ** 31 - 1), 7],
  ["a number that never ends", batchOf(Buffer.alloc(MB, 0x80)), MB],
];

it.each(WORST)("one message costs little beyond its own size: %s", async (_, batch, size) => {
  let [bytes, cpuMs] = [Infinity, Infinity];
  // The least of several runs, without other work of the process.
  for (let run = 0; run < 5; run++) {
    const before = process.memoryUsage();
    const cpu = process.cpuUsage();
    const { records } = await readRecordSet(batch, []);
    const { user, system } = process.cpuUsage(cpu);
    const after = process.memoryUsage();
    expect(records).toHaveLength(1);
    bytes = Math.min(bytes, after.heapUsed - before.heapUsed + after.arrayBuffers - before.arrayBuffers);
    cpuMs = Math.min(cpuMs, (user + system) / 1_000);
  }
  expect(bytes).toBeLessThan(size + MOST_BYTES);
  expect(cpuMs).toBeLessThan(MOST_CPU_MS);
});
