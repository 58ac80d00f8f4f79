import {
  textOfRaw,
  type RawMessage,
  type RawDestination,
  type RawValue,
  type RawWriter,
} from "@waybill/conformance";
import { Kafka, logLevel, type Producer } from "kafkajs";
import { Names } from "../src/topology/names.ts";

/** Returns a writer of foreign records. Several values of one name become several headers. */
export function kafkaWriter(address: string): RawWriter {
  let opened: Promise<Producer> | undefined;
  const names = new Names();
  return {
    async write(destination, message) {
      const producer = await (opened ??= open(address));
      const record = {
        key: message.key ?? null,
        value: Buffer.from(message.body),
        headers: headersOf(message),
        ...(destination.lane !== undefined && { partition: destination.lane }),
      };
      return producer.send({ topic: topicOf(destination, names), messages: [record] }).then(
        () => true,
        () => false,
      );
    },
    async close() {
      await (await opened)?.disconnect();
    },
  };
}

async function open(address: string): Promise<Producer> {
  const producer = new Kafka({
    clientId: "other-program",
    brokers: [address],
    logLevel: logLevel.NOTHING,
    retry: { retries: 3 },
  }).producer({ allowAutoTopicCreation: false });
  await producer.connect();
  return producer;
}

function topicOf({ kind, name }: RawDestination, names: Names): string {
  return kind === "queue" ? names.queue(name) : names.topic(name);
}

function headersOf({ headers = [], contentType, id }: RawMessage): Record<string, (string | Buffer)[]> {
  const table: Record<string, (string | Buffer)[]> = Object.create(null) as Record<
    string,
    (string | Buffer)[]
  >;
  const add = (name: string, value: RawValue): void =>
    void (table[name] ??= []).push(value instanceof Uint8Array ? Buffer.from(value) : textOfRaw(value));
  if (id !== undefined) add("waybill-id", id);
  if (contentType !== undefined) add("content-type", contentType);
  for (const [name, value] of headers) add(name, value);
  return table;
}
