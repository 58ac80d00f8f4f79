import { createRequire } from "node:module";
import { expect, it } from "vitest";
import { readFetchAnswer } from "./fetch-response.ts";
import { recordBatch } from "./records/record-batch.ts";

interface Writer {
  readonly buffer: Buffer;
  writeInt16(value: number): Writer;
  writeInt32(value: number): Writer;
  writeInt64(value: number): Writer;
  writeString(text: string): Writer;
  writeBytes(bytes: Buffer): Writer;
}

const load = createRequire(import.meta.url);
const Encoder = load("kafkajs/src/protocol/encoder.js") as new () => Writer;

it("a fetch response is decoded partition by partition, each with its own error code", async () => {
  const stored = recordBatch([{ key: null, value: Buffer.from("a"), headers: {}, timestamp: 1 }], {
    producerId: "1",
    producerEpoch: 0,
    firstSequence: 0,
  });
  const partition = (writer: Writer, number: number, code: number): Writer =>
    writer.writeInt32(number).writeInt16(code).writeInt64(9).writeInt64(9).writeInt64(0);
  const answer = new Encoder().writeInt32(7).writeInt16(0).writeInt32(0).writeInt32(1);
  answer.writeString("orders").writeInt32(3);
  partition(answer, 0, 0).writeInt32(1).writeInt64(5).writeInt64(2).writeInt32(-1).writeBytes(stored);
  partition(answer, 1, 6).writeInt32(-1).writeInt32(-1).writeInt32(-1);
  partition(answer, 2, 0).writeInt32(0).writeInt32(-1).writeBytes(Buffer.alloc(0));

  const nothing = { records: [], next: undefined, unreadable: undefined };
  expect(await readFetchAnswer(answer.buffer)).toEqual({
    clientSideThrottleTime: 7,
    errorCode: 0,
    responses: [
      {
        topicName: "orders",
        partitions: [
          {
            partition: 0,
            errorCode: 0,
            records: [{ offset: 0, timestamp: 1, key: null, value: Buffer.from("a"), headers: [] }],
            next: 1,
            unreadable: undefined,
          },
          { partition: 1, errorCode: 6, ...nothing },
          { partition: 2, errorCode: 0, ...nothing },
        ],
      },
    ],
  });
});

it("a truncated fetch response is refused", async () => {
  await expect(readFetchAnswer(Buffer.alloc(12))).rejects.toThrow(RangeError);
});
