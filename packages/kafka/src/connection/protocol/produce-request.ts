import type { ProduceRequest } from "./protocol.ts";
import { compressed, recordBatch } from "./records/record-batch.ts";

/** An encoder of kafkajs after encoding: it reads the bytes from these fields. */
export interface Encoded {
  readonly buf: Buffer;
  readonly buffer: Buffer;
}

const NOTHING = Buffer.alloc(0);

/** Returns the encoded body of a Produce request, versions 3 to 8 (Kafka protocol guide). */
export async function produceBody({
  acks,
  timeout,
  topicData,
  producerId,
  producerEpoch,
}: ProduceRequest): Promise<Encoded> {
  const parts: Buffer[] = [int16(-1), int16(acks), int32(timeout), int32(topicData.length)];
  for (const { topic, partitions } of topicData) {
    const name = Buffer.from(topic);
    parts.push(int16(name.length), name, int32(partitions.length));
    for (const { partition, firstSequence, messages, isCompressed } of partitions) {
      const plain =
        messages.length === 0 ? NOTHING : recordBatch(messages, { producerId, producerEpoch, firstSequence });
      const batch = isCompressed === true ? await compressed(plain) : plain;
      parts.push(int32(partition), int32(batch.length), batch);
    }
  }
  const buffer = Buffer.concat(parts);
  return { buf: buffer, buffer };
}

function int16(value: number): Buffer {
  const bytes = Buffer.allocUnsafe(2);
  bytes.writeInt16BE(value);
  return bytes;
}

function int32(value: number): Buffer {
  const bytes = Buffer.allocUnsafe(4);
  bytes.writeInt32BE(value);
  return bytes;
}
