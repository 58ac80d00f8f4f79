import type { Msg } from "@nats-io/transport-node";
import {
  HEADER,
  NO_HEADERS,
  type Destination,
  type Headers,
  type WireMessage,
} from "@waybill/core/transport";
import { headerNames, ownHeaders } from "@waybill/core/transport-kit";
import { LONGEST_DELAY_MS } from "../capabilities.ts";
import { headerTextOf } from "../connection/client-internals.ts";
import { escapedName, escapedValue, isName, originalValue } from "./header-text.ts";

/** The headers that the adapter itself reads and writes. */
const NAME = {
  /** The server drops a second message with the same value within the deduplication window. */
  dedup: "Nats-Msg-Id",
  contentType: "Content-Type",
  /** The message id, where the deduplication id is another one. */
  id: "waybill-id",
  key: "waybill-key",
  /** The earliest time of dispatch, in milliseconds since the Unix epoch. */
  due: "waybill-due",
} as const;

/** Metadata that is written with a message. */
export interface WireMetadata {
  /** The id by which the server recognises a duplicate. Default: the message id. */
  readonly dedupId?: string;
  /** The earliest time of dispatch, in milliseconds since the Unix epoch. */
  readonly due?: number | undefined;
  /** The number of earlier attempts. Default 0. */
  readonly attempts?: number;
  /** Headers that replace those of the same name. */
  readonly headers?: Headers;
}

const NO_METADATA: WireMetadata = {};

/** Returns the header block of a message (NATS client protocol: HPUB). */
export function headerBlock(message: WireMessage, metadata: WireMetadata = NO_METADATA): Buffer {
  const { id, contentType, key } = message;
  const { dedupId, due, attempts = 0, headers: extraHeaders } = metadata;
  let text = `NATS/1.0\r\n${NAME.dedup}: ${escapedValue(dedupId ?? id)}\r\n`;
  if (dedupId !== undefined) text += headerLine(NAME.id, id);
  if (contentType !== "") text += headerLine(NAME.contentType, contentType);
  if (key !== undefined) text += headerLine(NAME.key, key);
  if (due !== undefined) text += headerLine(NAME.due, String(due));
  if (attempts > 0) text += headerLine(HEADER.attempt, String(attempts));
  const headers = extraHeaders === undefined ? message.headers : { ...message.headers, ...extraHeaders };
  if (headers !== NO_HEADERS)
    for (const [name, value] of Object.entries(headers)) text += headerLine(escapedName(name), value);
  return Buffer.from(`${text}\r\n`);
}

function headerLine(name: string, value: string): string {
  return `${name}: ${escapedValue(value)}\r\n`;
}

/** Returns why headers cannot be written, undefined if they can. */
export function headerProblem(headers: Headers): string | undefined {
  if (headers === NO_HEADERS) return undefined;
  const invalid = Object.keys(headers).find((name) => !isName(name));
  return invalid === undefined
    ? undefined
    : `The header name ${JSON.stringify(invalid.slice(0, 40))} is not valid on NATS: use printable ASCII without colons and spaces.`;
}

/** A message as it was published, decoded from NATS. */
export interface DecodedMessage {
  readonly message: WireMessage;
  /** The earliest time of dispatch, in milliseconds since the Unix epoch. */
  readonly due: number | undefined;
  /** The number of attempts that the message had under earlier sequence numbers. */
  readonly attempts: number;
}

export interface ReadContext {
  /** The destination to which the message was sent. */
  readonly destination: Destination;
  readonly lane: number | undefined;
  /** The current time of this process. A due time beyond the longest delay is ignored. */
  readonly now: number;
}

/**
 * The most headers that are read. A message in a stream has at most this many, because they must fit in 64 KiB; a
 * reply is in no stream and may have more.
 */
const MOST_LINES = 16_384;

/** Decodes a message, also a foreign or malformed one. Never throws. */
export function readMessage(msg: Msg, { destination, lane, now }: ReadContext): DecodedMessage {
  const body = msg.data;
  const text = headerTextOf(msg, body);
  let [id, originalId, contentType]: [string, string | undefined, string] = ["", undefined, ""];
  let key: string | undefined;
  let due: number | undefined;
  let attempts = 0;
  let headers: Record<string, string> | undefined;
  let colon = 0;
  for (let at = text.indexOf("\r\n") + 2, left = MOST_LINES; at > 1 && at < text.length && left > 0; left--) {
    const end = text.indexOf("\r\n", at);
    const stop = end === -1 ? text.length : end;
    // The search starts after the last colon. If each line without a colon were searched, each search would run to the end of the block.
    if (colon < at) colon = orInfinity(text.indexOf(":", at));
    if (colon > at && colon < stop) {
      const name = text.slice(at, colon);
      const value = originalValue(text.slice(colon + 1, stop).trim());
      if (name === NAME.dedup) id = value;
      else if (name === NAME.contentType) contentType = value;
      else if (name === NAME.id) originalId = value;
      else if (name === NAME.key) key = value;
      else if (name === NAME.due) due = ownHeaders.readDueTime(value, now, LONGEST_DELAY_MS);
      else if (name === HEADER.attempt) attempts = ownHeaders.readAttempt(value) ?? 0;
      else if (name.toLowerCase() === "content-type") contentType = value;
      else if (!isServerHeader(name)) addHeader((headers ??= {}), headerNames.unescape(name), value);
    }
    at = stop + 2;
  }
  return {
    due,
    attempts,
    message: {
      id: originalId ?? id,
      destination,
      type: undefined,
      correlationId: undefined,
      key,
      lane,
      deliverAt: undefined,
      contentType,
      headers: headers ?? NO_HEADERS,
      body,
    },
  };
}

/** Returns the result of an `indexOf`, with infinity in place of -1. */
function orInfinity(index: number): number {
  return index === -1 ? Infinity : index;
}

/** Returns whether a header belongs to the server: it adds some to deliveries, and takes others from publishers. */
function isServerHeader(name: string): boolean {
  return name.length > 5 && name.slice(0, 5).toLowerCase() === "nats-";
}

/** Adds a header. Several values of one name become a list. */
function addHeader(headers: Record<string, string>, name: string, value: string): void {
  const before = Object.hasOwn(headers, name) ? headers[name] : undefined;
  headerNames.set(headers, name, before === undefined ? value : `${before}, ${value}`);
}
