import { isUtf8 } from "node:buffer";
import {
  HEADER,
  NO_HEADERS,
  type Destination,
  type Headers,
  type WireMessage,
} from "@waybill/core/transport";
import { headerNames, ownHeaders } from "@waybill/core/transport-kit";
import { OWN_HEADER, escapedName, isOwnHeader, originalName } from "./header-names.ts";
import { headerOf, idOf } from "./own-headers.ts";
import type { NewRecord, RawRecord } from "../connection/protocol/records/record.ts";

type Table = Record<string, string | Buffer>;

const NOTHING = Buffer.alloc(0);
/** The prefix of the media types of structured CloudEvents. */
const CLOUD_EVENTS = "application/cloudevents";
/** The content type of a message that holds an undecodable batch. */
const BATCH_TYPE = "application/vnd.apache.kafka.record-batch";
/** The last time that a JavaScript date can have, in milliseconds since the Unix epoch. */
const LATEST = 8_640_000_000_000_000;

/**
 * Returns a message as a record: the key in UTF-8, the body as the value, and the message's headers with the adapter's own:
 * id and content type, and for a delayed message due time and lane.
 */
export function recordOf(message: WireMessage, now: number): NewRecord {
  const { id, key, body, contentType, headers, deliverAt, lane, record } = message;
  if (record !== undefined && contentType === "") return plainRecordOf(message, record, now);
  // The names are spelled out, because V8 creates objects of one shape several times faster.
  const table: Table =
    contentType === "" ? { "waybill-id": id } : { "waybill-id": id, "content-type": contentType };
  if (deliverAt !== undefined && deliverAt > now) {
    table[OWN_HEADER.due] = String(deliverAt);
    if (lane !== undefined) table[OWN_HEADER.lane] = String(lane);
  }
  if (headers !== NO_HEADERS)
    for (const name of Object.keys(headers)) table[escapedName(name)] = headers[name] ?? "";
  const value = Buffer.isBuffer(body) ? body : Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  if (record !== undefined) {
    // A foreign record that has a media type keeps the bytes of its key, and its null value.
    const bytes = record.key === undefined ? null : Buffer.from(record.key);
    return { key: bytes, value: record.isNull ? null : value, headers: table, timestamp: now };
  }
  return { key: key === undefined ? null : Buffer.from(key), value, headers: table, timestamp: now };
}

/** Returns a plain message as a record: the bytes of its key, a null value as null, and no header of the adapter unless it is delayed. */
function plainRecordOf(
  { body, headers, deliverAt, lane }: WireMessage,
  { key, isNull }: NonNullable<WireMessage["record"]>,
  now: number,
): NewRecord {
  const table: Table = {};
  for (const [name, value] of Object.entries(headers)) table[name] = value;
  if (deliverAt !== undefined && deliverAt > now) {
    table[OWN_HEADER.due] = String(deliverAt);
    if (lane !== undefined) table[OWN_HEADER.lane] = String(lane);
  }
  return {
    key: key === undefined ? null : Buffer.from(key),
    value: isNull ? null : Buffer.from(body.buffer, body.byteOffset, body.byteLength),
    headers: table,
    timestamp: now,
  };
}

/** Returns the approximate size of a record in bytes, never less than its real size (KIP-98: record format). */
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

/** The partition and the lane in which a record was read. */
export interface ReadFrom {
  readonly destination: Destination;
  readonly lane: number | undefined;
  /** The name of the partition. With its offset it identifies a record without an id. */
  readonly partition: string;
}

/** Returns a record as a message. Never throws, whatever the record holds. The body is a copy, because a redelivery reads the record again. */
export function messageOf(record: RawRecord, { destination, lane, partition }: ReadFrom): WireMessage {
  const contentType = record.unreadable === undefined ? headerOf(record, OWN_HEADER.contentType) : BATCH_TYPE;
  let headers: Record<string, string> | undefined;
  for (const { name, text } of record.headers)
    if (!isOwnHeader(name)) headerNames.set((headers ??= {}), originalName(name), text);
  const message = {
    id: idOf(record, partition),
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
  // A structured CloudEvent is complete in its body. Any other record may be a plain message, whatever its media type.
  return contentType?.startsWith(CLOUD_EVENTS) === true ? message : { ...message, record: plainOf(record) };
}

/**
 * Returns why a batch could not be decoded. The reason is no longer known for a batch that was moved to another topic.
 */
function reasonOf({ unreadable = "it could not be read" }: RawRecord): string {
  return `it is a whole record batch of Kafka, which cannot be decoded: ${unreadable}`;
}

/** Returns the parts of a record that a plain message is read from. */
function plainOf({ key, value, timestamp }: RawRecord): NonNullable<WireMessage["record"]> {
  return {
    key: key === null ? undefined : Buffer.from(key),
    isNull: value === null,
    time: timestamp >= 0 && timestamp <= LATEST ? timestamp : undefined,
  };
}

/** The changes to a record that is written again. */
export interface Changes {
  /** The id. A foreign record has none in its headers. */
  readonly id: string;
  /** Headers that are added, or replace headers of the same name. */
  readonly headers?: Headers;
  readonly attempts: number;
  readonly due: number | undefined;
  readonly lane: number | undefined;
  readonly isSpillOver?: boolean;
  /** Whether the record's headers are left out, except its content type. */
  readonly isBare?: boolean;
}

/** Returns the headers that the adapter did not write, for the one header that replaces them in a message that is too large. */
export function foreignHeaders(record: RawRecord): Readonly<Record<string, unknown>> {
  const foreign: Record<string, unknown> = {};
  for (const { name, value, text } of record.headers)
    if (!isOwnHeader(name))
      headerNames.set(
        foreign,
        ownHeaders.nameAside(originalName(name)),
        value === null || isUtf8(value) ? text : value,
      );
  return foreign;
}

/** Returns a record for another topic: the same key and value, and its headers with the adapter's own ones replaced. */
export function rewritten(record: RawRecord, changes: Changes, now: number): NewRecord {
  const table = Object.create(null) as Table; // a foreign header may have the name `__proto__`
  const { headers = NO_HEADERS, isBare = false } = changes;
  const isDeadLetter = HEADER.failureCode in headers;
  for (const { name, value } of record.headers) {
    if (
      name === OWN_HEADER.attempt ||
      name === OWN_HEADER.due ||
      name === OWN_HEADER.lane ||
      name === OWN_HEADER.spilledOver
    )
      continue;
    if (isBare && name !== OWN_HEADER.contentType) continue;
    const kept = isDeadLetter ? ownHeaders.nameAside(name) : name;
    // An escaped name reads as the plain one, and the later header wins: drop the earlier one.
    if (!Object.hasOwn(headers, originalName(kept))) table[kept] = value ?? NOTHING;
  }
  for (const [name, value] of Object.entries(headers)) table[escapedName(name)] = value;
  if (record.unreadable !== undefined) table[OWN_HEADER.contentType] = BATCH_TYPE;
  table[OWN_HEADER.id] = changes.id;
  if (changes.attempts > 0) table[OWN_HEADER.attempt] = String(changes.attempts);
  if (changes.due !== undefined) table[OWN_HEADER.due] = String(changes.due);
  if (changes.lane !== undefined) table[OWN_HEADER.lane] = String(changes.lane);
  if (changes.isSpillOver === true) table[OWN_HEADER.spilledOver] = "1";
  return { key: record.key, value: record.value, headers: table, timestamp: now };
}
