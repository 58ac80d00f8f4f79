import fc from "fast-check";
import { HEADER, type Headers, type WireMessage } from "@waybill/core/transport";
import { RawHeader } from "../../packages/kafka/src/connection/protocol/records/raw-header.ts";
import { recordBatch } from "../../packages/kafka/src/connection/protocol/records/record-batch.ts";
import { readRecordSet } from "../../packages/kafka/src/connection/protocol/records/record-set.ts";
import { dueOf, idOf, laneOf, attemptsOf } from "../../packages/kafka/src/wire/own-headers.ts";
import { messageOf, rewritten, sizeOf } from "../../packages/kafka/src/wire/message.ts";
import { copyMessage } from "../../packages/memory/src/wire/copy-message.ts";
import { headerBlock, readMessage as readNats } from "../../packages/nats/src/wire/message.ts";
import { forwardedProperties, readMessage as readAmqp } from "../../packages/rabbitmq/src/wire/message.ts";
import { BODY, HEADERS, NAME, VALUE, headersObject } from "./arbitraries.ts";
import { assertThat } from "./fuzzer.ts";

/** A message as another program wrote it to a queue or topic that we read. */
export interface ForeignMessage {
  readonly headers: readonly (readonly [string, string])[];
  /** Header values of types that only some brokers have. */
  readonly otherValues: readonly (readonly [string, unknown])[];
  readonly body: Buffer;
  readonly key: Buffer | null;
  readonly contentType: string;
  readonly time: number;
}

export const FOREIGN_MESSAGES: fc.Arbitrary<ForeignMessage> = fc.record({
  headers: HEADERS,
  otherValues: fc.array(
    fc.tuple(
      NAME,
      fc.oneof(
        fc.constantFrom<unknown>(null, undefined, true, -1, 1.5, NaN, Infinity, 2 ** 60),
        fc.constantFrom<unknown>({ "!": "timestamp", value: 2 ** 64 }, [1, ["a"]], { a: { b: 1 } }),
        fc.uint8Array({ maxLength: 4 }).map((bytes) => Buffer.from(bytes)),
        VALUE,
      ),
    ),
    { maxLength: 3 },
  ),
  body: BODY,
  key: fc.constantFrom(null, Buffer.from("k"), Buffer.from([0xff]), Buffer.alloc(0)),
  contentType: fc.constantFrom("application/cloudevents+json", "application/json", "", "text/plain", ";"),
  time: fc.constantFrom(-1, 0, 1e12, 8.64e15, 9e15, -9e15),
});

/** A message as an adapter delivers it to core. */
export interface ReadMessage {
  readonly message: WireMessage;
  /** The number of earlier deliveries. */
  readonly attempts: number;
  /** Stores the message as a dead letter with these headers and reads it back. */
  readonly deadLetter: (headers: Headers) => Promise<WireMessage> | WireMessage;
}

export type Reader = (foreign: ForeignMessage) => ReadMessage;

const DESTINATION = { kind: "queue", name: "fuzz.do" } as const;
const NOW = 1_700_000_000_000;
const LANES = 4;

const kafka: Reader = ({ headers, otherValues, body, key, contentType, time }) => {
  const raw = [...headers, ...otherValues.map(([name, value]) => [name, value ?? null] as const)];
  const record = {
    offset: 7,
    timestamp: time,
    key,
    value: body.length === 0 ? null : body,
    headers: [
      ...(contentType === "" ? [] : [new RawHeader("content-type", Buffer.from(contentType))]),
      ...raw.map(([name, value]) => new RawHeader(name, value === null ? null : Buffer.from(String(value)))),
    ],
  };
  const due = dueOf(record, NOW);
  assertThat(
    due === undefined || (due >= 0 && due < NOW + 20 * 365 * 86_400_000),
    () => `the due time is ${due}`,
  );
  const lane = laneOf(record, LANES);
  assertThat(
    lane === undefined || (Number.isInteger(lane) && lane >= 0 && lane < LANES),
    () => `the lane is ${lane}`,
  );
  return {
    message: messageOf(record, { destination: DESTINATION, lane: undefined, partition: "q/0" }),
    attempts: attemptsOf(record),
    async deadLetter(added) {
      const changes = {
        id: idOf(record, "q/0"),
        headers: added,
        attempts: 0,
        due: undefined,
        lane: undefined,
      };
      const rewrittenRecord = rewritten(record, changes, NOW);
      const bytes = recordBatch([rewrittenRecord], { producerId: "1", producerEpoch: 0, firstSequence: 0 });
      assertThat(
        bytes.length <= sizeOf(rewrittenRecord) + 61,
        () => "a record is larger than its computed size",
      );
      const [readBack] = (await readRecordSet(bytes, [])).records;
      if (readBack === undefined) throw new Error("a dead letter cannot be read");
      return messageOf(readBack, { destination: DESTINATION, lane: undefined, partition: "dead/0" });
    },
  };
};

const nats: Reader = ({ headers, body, contentType }) => {
  const lines = headers.map(([name, value]) => `${name}: ${value}\r\n`).join("");
  const block = Buffer.from(`NATS/1.0\r\nContent-Type: ${contentType}\r\n${lines}\r\n`);
  const context = { destination: DESTINATION, lane: undefined, now: NOW };
  const readBlock = (head: Buffer): ReturnType<typeof readNats> => {
    const whole = Buffer.concat([head, body]);
    const msg = {
      subject: "s",
      reply: "r",
      data: whole.subarray(head.length),
      size: () => 2 + whole.length,
    } as unknown as Parameters<typeof readNats>[0];
    return readNats(msg, context);
  };
  const { message, attempts } = readBlock(block);
  return {
    message,
    attempts,
    deadLetter: (added) => readBlock(headerBlock(message, { dedupId: "d", headers: added })).message,
  };
};

const rabbitmq: Reader = ({ headers, otherValues, body, contentType, key }) => {
  const raw = {
    content: body,
    fields: {},
    properties: {
      headers: headersObject<unknown>([...headers, ...otherValues]),
      contentType,
      messageId: otherValues[0]?.[1],
      correlationId: otherValues[1]?.[1],
      type: String(key),
    },
  } as unknown as Parameters<typeof readAmqp>[0];
  const { message, attempts } = readAmqp(raw, DESTINATION, undefined);
  return {
    message,
    attempts,
    deadLetter(added) {
      const properties = forwardedProperties(raw, { headers: added, attempts: 0, isDeadLetter: true });
      return readAmqp(
        { ...raw, properties } as unknown as Parameters<typeof readAmqp>[0],
        DESTINATION,
        undefined,
      ).message;
    },
  };
};

const memory: Reader = ({ headers, body, contentType, key }) => {
  const message = copyMessage({
    id: headersObject(headers)["waybill-id"] ?? "",
    destination: DESTINATION,
    type: undefined,
    correlationId: undefined,
    key: key === null ? undefined : String(key),
    lane: undefined,
    deliverAt: undefined,
    contentType,
    headers: headersObject(headers),
    body,
  });
  return {
    message,
    attempts: 0,
    deadLetter: (added) => ({ ...message, headers: { ...message.headers, ...added } }),
  };
};

export const READERS: Readonly<Record<string, Reader>> = { memory, rabbitmq, nats, kafka };

/** Checks the message that an adapter delivers to core. */
export function checkReadMessage({ message, attempts }: ReadMessage): void {
  assertThat(Number.isSafeInteger(attempts) && attempts >= 0, () => `the number of attempts is ${attempts}`);
  assertThat(typeof message.id === "string", () => "the id is not a string");
  for (const [name, value] of Object.entries(message.headers))
    assertThat(typeof value === "string", () => `the header ${name} is not a string`);
}

/** Checks that the failure in a dead letter is ours, even if the message contained failure headers. */
export function checkDeadLetter(deadLetter: WireMessage, added: Headers): void {
  for (const name of [HEADER.failureCode, HEADER.failureSource, HEADER.failureService])
    assertThat(
      deadLetter.headers[name] === added[name],
      () => `${name} of the dead letter is ${deadLetter.headers[name]}`,
    );
}
