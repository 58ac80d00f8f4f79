import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { crc32c } from "../../packages/kafka/src/connection/protocol/records/crc32c.ts";
import { readFetchAnswer } from "../../packages/kafka/src/connection/protocol/fetch-response.ts";
import { recordBatch } from "../../packages/kafka/src/connection/protocol/records/record-batch.ts";
import { readRecordSet } from "../../packages/kafka/src/connection/protocol/records/record-set.ts";
import {
  readCommit,
  takenOver,
  writeMetadata,
} from "../../packages/kafka/src/consume/offsets/commit-metadata.ts";
import { mutated } from "./arbitraries.ts";
import { fuzzer, assertThat, type Fuzzer } from "./fuzzer.ts";

const HEADER_BYTES = 61;
const NUMBERING = { producerId: "1", producerEpoch: 0, firstSequence: 0 };

const PLAIN = [
  [],
  [{ key: null, value: null, headers: {}, timestamp: 1 }],
  [
    {
      key: Buffer.from("k"),
      value: Buffer.from("v"),
      headers: { a: "b", c: Buffer.from([0]) },
      timestamp: 1e12,
    },
    { key: Buffer.alloc(0), value: Buffer.alloc(300), headers: { a: "b" }, timestamp: 1e12 + 5 },
  ],
].map((records) => recordBatch(records, NUMBERING));
const SEEDS = [...PLAIN, ...PLAIN.map(zipped), Buffer.concat(PLAIN.slice(1))];

/**
 * Returns a batch with a valid length and checksum, so that the reader accepts its header and the fuzzed records
 * follow.
 */
export function signed(bytes: Buffer): Buffer {
  if (bytes.length < HEADER_BYTES) return bytes;
  const batch = Buffer.from(bytes);
  batch.writeInt32BE(batch.length - 12, 8);
  batch[16] = 2;
  batch.writeUInt32BE(crc32c(batch.subarray(21)), 17);
  return batch;
}

function zipped(batch: Buffer): Buffer {
  const whole = Buffer.concat([batch.subarray(0, HEADER_BYTES), gzipSync(batch.subarray(HEADER_BYTES))]);
  whole.writeInt16BE(1, 21);
  return signed(whole);
}

function batchOf(count: number, body: Buffer): Buffer {
  const whole = Buffer.concat([PLAIN[1]?.subarray(0, HEADER_BYTES) ?? Buffer.alloc(HEADER_BYTES), body]);
  whole.writeInt32BE(Math.max(0, count - 1), 23);
  whole.writeInt32BE(count, 57);
  return signed(whole);
}

interface Stored {
  readonly bytes: Buffer;
  readonly aborted: boolean;
  readonly isSigned: boolean;
}

const recordSets = fuzzer<Stored>({
  name: "kafka record sets",
  corpus: [
    batchOf(2 ** 31 - 1, Buffer.from([1, 0, 0, 0, 1, 1, 0])),
    zipped(batchOf(1, Buffer.alloc(64 * 1_024 * 1_024))),
    zipped(
      batchOf(
        1,
        Buffer.concat([
          Buffer.from([0x90, 0xb8, 0xde, 0x02, 0, 0, 0, 1, 1, 0x80, 0xb6, 0xee, 0x02]),
          Buffer.alloc(6_000_000),
        ]),
      ),
    ),
    batchOf(1, Buffer.alloc(4_000, 0x80)),
  ].map((bytes) => ({ bytes, aborted: false, isSigned: true })),
  cases: fc.record({ bytes: mutated(SEEDS), aborted: fc.boolean(), isSigned: fc.boolean() }),
  async run({ bytes, aborted, isSigned }) {
    const set = isSigned ? signed(bytes) : bytes;
    const { records, next } = await readRecordSet(set, aborted ? [{ producerId: 1, firstOffset: 0 }] : []);
    let last = -1;
    for (const { offset } of records) {
      assertThat(Number.isSafeInteger(offset), () => `an offset is ${offset}`);
      assertThat(!isSigned || offset > last, () => `offset ${offset} comes after ${last}`);
      last = offset;
    }
    assertThat(next === undefined || Number.isSafeInteger(next), () => `the next fetch begins at ${next}`);
  },
});

function fetchResponse(stored: Buffer): Buffer {
  const head = Buffer.alloc(14 + 2 + 1 + 4 + 4 + 2 + 24 + 4 + 4 + 4);
  head.writeInt32BE(1, 10);
  head.writeInt16BE(1, 14);
  head.write("t", 16);
  head.writeInt32BE(1, 17);
  head.writeInt32BE(-1, 55);
  head.writeInt32BE(stored.length, 59);
  return Buffer.concat([head, stored]);
}

const fetchResponses = fuzzer<Buffer>({
  name: "kafka fetch responses",
  corpus: [fetchResponse(PLAIN[2] ?? Buffer.alloc(0))],
  cases: mutated(SEEDS.map(fetchResponse)),
  async run(bytes) {
    // A damaged response throws this error, which closes the connection.
    await readFetchAnswer(bytes).catch((error: unknown) => {
      if (!(error instanceof RangeError)) throw error;
    });
  },
});

const commits = fuzzer<string>({
  name: "kafka commits",
  corpus: ["w1;99999999999999999999;1:1;", "w2;5;3:1,9:2;", "w1;5;;////"],
  cases: mutated(["w1;5;3:1,9:2;AAAA", "w2;5;3:1;gAE=", "w1;0;;"].map((text) => Buffer.from(text))).map(
    String,
  ),
  run(text) {
    const read = takenOver(readCommit(7, text));
    assertThat(writeMetadata(read).length <= 4_096, () => "a commit is longer than the broker allows");
  },
});

export const KAFKA: readonly Fuzzer[] = [recordSets, fetchResponses, commits];
