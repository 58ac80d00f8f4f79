import { isUtf8 } from "node:buffer";
import {
  HEADER,
  NO_HEADERS,
  type Destination,
  type Headers,
  type WireMessage,
} from "@waybill/core/transport";
import { headerNames, ownHeaders } from "@waybill/core/transport-kit";
import { OURS, escapedName, isOurs, originalName } from "./header-names.ts";
import { headerOf, idOf } from "./own-headers.ts";
import type { NewRecord, RawRecord } from "../connection/protocol/records/record.ts";

type Table = Record<string, string | Buffer>;

const NOTHING = Buffer.alloc(0);
/** How the media types of structured CloudEvents begin. */
const CLOUD_EVENTS = "application/cloudevents";
/** The content type of a batch that could not be read, and that is kept as one message. */
const BATCH_TYPE = "application/vnd.apache.kafka.record-batch";
/** The last time that a date can have, in milliseconds. */
const LATEST = 8_640_000_000_000_000;

/**
 * A message as a record. Its key is the message's key in UTF-8, its value the body, its headers the message's and few more:
 * id and content type, and where they are needed lane and due time.
 */
export function recordOf(message: WireMessage, now: number): NewRecord {
  const { id, key, body, contentType, headers, deliverAt, lane, record } = message;
  if (record !== undefined && contentType === "") return plainRecordOf(message, record, now);
  // The names of OURS, spelled out: objects of one shape are made several times faster.
  const table: Table =
    contentType === "" ? { "waybill-id": id } : { "waybill-id": id, "content-type": contentType };
  if (deliverAt !== undefined && deliverAt > now) {
    table[OURS.due] = String(deliverAt);
    if (lane !== undefined) table[OURS.lane] = String(lane);
  }
  if (headers !== NO_HEADERS)
    for (const name of Object.keys(headers)) table[escapedName(name)] = headers[name] ?? "";
  const value = Buffer.isBuffer(body) ? body : Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  if (record !== undefined) {
    // What others wrote with a media type, on its way back to its owner: a key of bytes, and a null that is null.
    const bytes = record.key === undefined ? null : Buffer.from(record.key);
    return { key: bytes, value: record.isNull ? null : value, headers: table, timestamp: now };
  }
  return { key: key === undefined ? null : Buffer.from(key), value, headers: table, timestamp: now };
}

/** As others read it: the key's own bytes, a null that is null, and no header of ours, but for the time of one that has to wait. */
function plainRecordOf(
  { body, headers, deliverAt, lane }: WireMessage,
  { key, isNull }: NonNullable<WireMessage["record"]>,
  now: number,
): NewRecord {
  const table: Table = {};
  for (const [name, value] of Object.entries(headers)) table[name] = value;
  if (deliverAt !== undefined && deliverAt > now) {
    table[OURS.due] = String(deliverAt);
    if (lane !== undefined) table[OURS.lane] = String(lane);
  }
  return {
    key: key === undefined ? null : Buffer.from(key),
    value: isNull ? null : Buffer.from(body.buffer, body.byteOffset, body.byteLength),
    headers: table,
    timestamp: now,
  };
}

/** About how many bytes a record takes, never less (KIP-98: record format). */
export function sizeOf({ key, value, headers }: NewRecord): number {
  let size = 32 + (key?.length ?? 0) + (value?.length ?? 0);
  for (const name of Object.keys(headers)) {
    const header = headers[name] ?? "";
    size += 8 + 3 * name.length + (typeof header === "string" ? 3 * header.length : header.length);
  }
  return size;
}

/** The bytes of body, key and headers of a message. */
export function contentSize({ body, headers, key }: WireMessage): number {
  let size = body.byteLength + (key === undefined ? 0 : Buffer.byteLength(key));
  if (headers !== NO_HEADERS)
    for (const [name, value] of Object.entries(headers))
      size += Buffer.byteLength(name) + Buffer.byteLength(value) + 8;
  return size;
}

/** Where a record was read, and by which lane. */
export interface ReadFrom {
  readonly destination: Destination;
  readonly lane: number | undefined;
  /** The topic and partition: with its offset they identify a record that has no id. */
  readonly place: string;
}

/** Reads anything, also what others wrote: nothing here throws. The body is a copy: what is read may have to be read again. */
export function messageOf(record: RawRecord, { destination, lane, place }: ReadFrom): WireMessage {
  const contentType = record.unreadable === undefined ? headerOf(record, OURS.contentType) : BATCH_TYPE;
  let headers: Record<string, string> | undefined;
  for (const { name, text } of record.headers)
    if (!isOurs(name)) headerNames.set((headers ??= {}), originalName(name), text);
  const message = {
    id: idOf(record, place),
    destination,
    type: undefined,
    correlationId: undefined,
    key: record.key === null ? undefined : record.key.toString(isUtf8(record.key) ? "utf8" : "latin1"),
    lane,
    deliverAt: undefined,
    contentType: contentType ?? "",
    headers: headers ?? NO_HEADERS,
    body: record.value === null ? new Uint8Array(0) : Buffer.from(record.value),
  };
  if (contentType === BATCH_TYPE) return { ...message, unreadable: reasonOf(record) };
  // Of a structured CloudEvent all is in the body. Anything else may be plain, whatever media type it names.
  return contentType?.startsWith(CLOUD_EVENTS) === true ? message : { ...message, record: plainOf(record) };
}

/** Why a whole batch stands where a record should; of one that was moved the reason is lost. */
function reasonOf({ unreadable = "it could not be read" }: RawRecord): string {
  return `it is a record batch of Kafka, as it is stored: ${unreadable}`;
}

/** What a record has that an envelope would say: of one that others wrote, or wrote for others. */
function plainOf({ key, value, timestamp }: RawRecord): NonNullable<WireMessage["record"]> {
  return {
    key: key === null ? undefined : Buffer.from(key),
    isNull: value === null,
    time: timestamp >= 0 && timestamp <= LATEST ? timestamp : undefined,
  };
}

/** What differs when a record is written once more. */
export interface Changes {
  /** Its id, which one that others wrote has by its place alone. */
  readonly id: string;
  /** Over those of the same name. */
  readonly headers?: Headers;
  readonly attempts: number;
  readonly due: number | undefined;
  readonly lane: number | undefined;
  readonly isSpillOver?: boolean;
  /** Whether the record's own headers are left out, but for its content type. */
  readonly isBare?: boolean;
}

/** The headers of others, for the text that takes their place where they leave no room. */
export function foreignHeaders(record: RawRecord): Readonly<Record<string, unknown>> {
  const foreign: Record<string, unknown> = {};
  for (const { name, value, text } of record.headers)
    if (!isOurs(name))
      headerNames.set(
        foreign,
        ownHeaders.nameAside(originalName(name)),
        value === null || isUtf8(value) ? text : value,
      );
  return foreign;
}

/** A record for its next way: bytes untouched, headers kept but for the adapter's own, which are written anew. */
export function rewritten(record: RawRecord, changes: Changes, now: number): NewRecord {
  const table = Object.create(null) as Table; // others may have named a header `__proto__`
  const { headers = NO_HEADERS, isBare = false } = changes;
  const isDeadLetter = HEADER.failureCode in headers;
  for (const { name, value } of record.headers) {
    if (name === OURS.attempt || name === OURS.due || name === OURS.lane || name === OURS.spilledOver)
      continue;
    if (isBare && name !== OURS.contentType) continue;
    const kept = isDeadLetter ? ownHeaders.nameAside(name) : name;
    // An escaped name is read as the plain one, and what is read later wins: what is added must stand alone.
    if (!Object.hasOwn(headers, originalName(kept))) table[kept] = value ?? NOTHING;
  }
  for (const [name, value] of Object.entries(headers)) table[escapedName(name)] = value;
  if (record.unreadable !== undefined) table[OURS.contentType] = BATCH_TYPE;
  table[OURS.id] = changes.id;
  if (changes.attempts > 0) table[OURS.attempt] = String(changes.attempts);
  if (changes.due !== undefined) table[OURS.due] = String(changes.due);
  if (changes.lane !== undefined) table[OURS.lane] = String(changes.lane);
  if (changes.isSpillOver === true) table[OURS.spilledOver] = "1";
  return { key: record.key, value: record.value, headers: table, timestamp: now };
}
