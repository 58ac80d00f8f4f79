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
import { BODY, HEADERS, NAME, VALUE, tableOf } from "./arbitraries.ts";
import { hold } from "./fuzzer.ts";

/** What somebody wrote to a place that we read. */
export interface Written {
  readonly headers: readonly (readonly [string, string])[];
  /** Values as only some brokers have them. */
  readonly odd: readonly (readonly [string, unknown])[];
  readonly body: Buffer;
  readonly key: Buffer | null;
  readonly contentType: string;
  readonly time: number;
}

export const WRITTEN: fc.Arbitrary<Written> = fc.record({
  headers: HEADERS,
  odd: fc.array(
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

/** A message as an adapter hands it to core. */
export interface Arrival {
  readonly message: WireMessage;
  /** How often it was delivered before. */
  readonly attempts: number;
  /** What comes back of it once it was stored among the dead letters. */
  readonly letter: (headers: Headers) => Promise<WireMessage> | WireMessage;
}

export type Arrive = (written: Written) => Arrival;

const DESTINATION = { kind: "queue", name: "fuzz.do" } as const;
const NOW = 1_700_000_000_000;
const LANES = 4;

const kafka: Arrive = ({ headers, odd, body, key, contentType, time }) => {
  const raw = [...headers, ...odd.map(([name, value]) => [name, value ?? null] as const)];
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
  hold(due === undefined || (due >= 0 && due < NOW + 20 * 365 * 86_400_000), () => `it is due at ${due}`);
  const lane = laneOf(record, LANES);
  hold(
    lane === undefined || (Number.isInteger(lane) && lane >= 0 && lane < LANES),
    () => `its lane is ${lane}`,
  );
  return {
    message: messageOf(record, { destination: DESTINATION, lane: undefined, partition: "q/0" }),
    attempts: attemptsOf(record),
    async letter(added) {
      const changes = {
        id: idOf(record, "q/0"),
        headers: added,
        attempts: 0,
        due: undefined,
        lane: undefined,
      };
      const again = rewritten(record, changes, NOW);
      const bytes = recordBatch([again], { producerId: "1", producerEpoch: 0, firstSequence: 0 });
      hold(bytes.length <= sizeOf(again) + 61, () => "a record is larger than it is taken for");
      const [back] = (await readRecordSet(bytes, [])).records;
      if (back === undefined) throw new Error("a dead letter cannot be read");
      return messageOf(back, { destination: DESTINATION, lane: undefined, partition: "dead/0" });
    },
  };
};

const nats: Arrive = ({ headers, body, contentType }) => {
  const lines = headers.map(([name, value]) => `${name}: ${value}\r\n`).join("");
  const block = Buffer.from(`NATS/1.0\r\nContent-Type: ${contentType}\r\n${lines}\r\n`);
  const whereabouts = { destination: DESTINATION, lane: undefined, now: NOW };
  const readBlock = (head: Buffer): ReturnType<typeof readNats> => {
    const whole = Buffer.concat([head, body]);
    const msg = {
      subject: "s",
      reply: "r",
      data: whole.subarray(head.length),
      size: () => 2 + whole.length,
    } as unknown as Parameters<typeof readNats>[0];
    return readNats(msg, whereabouts);
  };
  const { message, attempts } = readBlock(block);
  return {
    message,
    attempts,
    letter: (added) => readBlock(headerBlock(message, { dedupId: "d", headers: added })).message,
  };
};

const rabbitmq: Arrive = ({ headers, odd, body, contentType, key }) => {
  const raw = {
    content: body,
    fields: {},
    properties: {
      headers: tableOf<unknown>([...headers, ...odd]),
      contentType,
      messageId: odd[0]?.[1],
      correlationId: odd[1]?.[1],
      type: String(key),
    },
  } as unknown as Parameters<typeof readAmqp>[0];
  const { message, attempts } = readAmqp(raw, DESTINATION, undefined);
  return {
    message,
    attempts,
    letter(added) {
      const properties = forwardedProperties(raw, { headers: added, attempts: 0, isDeadLetter: true });
      return readAmqp(
        { ...raw, properties } as unknown as Parameters<typeof readAmqp>[0],
        DESTINATION,
        undefined,
      ).message;
    },
  };
};

const memory: Arrive = ({ headers, body, contentType, key }) => {
  const message = copyMessage({
    id: tableOf(headers)["waybill-id"] ?? "",
    destination: DESTINATION,
    type: undefined,
    correlationId: undefined,
    key: key === null ? undefined : String(key),
    lane: undefined,
    deliverAt: undefined,
    contentType,
    headers: tableOf(headers),
    body,
  });
  return {
    message,
    attempts: 0,
    letter: (added) => ({ ...message, headers: { ...message.headers, ...added } }),
  };
};

export const ARRIVALS: Readonly<Record<string, Arrive>> = { memory, rabbitmq, nats, kafka };

/** What core may be handed, whatever was written. */
export function checkArrival({ message, attempts }: Arrival): void {
  hold(Number.isSafeInteger(attempts) && attempts >= 0, () => `it was tried ${attempts} times`);
  hold(typeof message.id === "string", () => "its id is no text");
  for (const [name, value] of Object.entries(message.headers))
    hold(typeof value === "string", () => `the header ${name} is no text`);
}

/** Of a dead letter the failure is ours, whatever the message said before. */
export function checkLetter(letter: WireMessage, added: Headers): void {
  for (const name of [HEADER.failureCode, HEADER.failureSource, HEADER.failureService])
    hold(letter.headers[name] === added[name], () => `the letter's ${name} is ${letter.headers[name]}`);
}
