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
import { escapedName, escapedValue, isName, originalValue } from "./header-text.ts";

/** Headers with a meaning of their own. */
const NAME = {
  /** The server stores one message with the same value within its window. */
  dedup: "Nats-Msg-Id",
  contentType: "Content-Type",
  /** The id of a message that had to be stored under another one. */
  id: "waybill-id",
  key: "waybill-key",
  /** Not before this time, in milliseconds since the Unix epoch. */
  due: "waybill-due",
} as const;

/** What is written beside the message itself. */
export interface WireMetadata {
  /** Under what the server recognises a resend; the message's id by default. */
  readonly dedupId?: string;
  /** Not before. */
  readonly due?: number | undefined;
  /** How many deliveries came before. */
  readonly attempts?: number;
  /** Put over headers of the same name. */
  readonly headers?: Headers;
}

const NO_POSTMARK: WireMetadata = {};

/** The header block of a message (NATS client protocol: HPUB). */
export function headerBlock(message: WireMessage, postmark: WireMetadata = NO_POSTMARK): Buffer {
  const { id, contentType, key } = message;
  const { dedupId, due, attempts = 0, headers: over } = postmark;
  let text = `NATS/1.0\r\n${NAME.dedup}: ${escapedValue(dedupId ?? id)}\r\n`;
  if (dedupId !== undefined) text += line(NAME.id, id);
  if (contentType !== "") text += line(NAME.contentType, contentType);
  if (key !== undefined) text += line(NAME.key, key);
  if (due !== undefined) text += line(NAME.due, String(due));
  if (attempts > 0) text += line(HEADER.attempt, String(attempts));
  const headers = over === undefined ? message.headers : { ...message.headers, ...over };
  if (headers !== NO_HEADERS)
    for (const [name, value] of Object.entries(headers)) text += line(escapedName(name), value);
  return Buffer.from(`${text}\r\n`);
}

function line(name: string, value: string): string {
  return `${name}: ${escapedValue(value)}\r\n`;
}

/** Why headers cannot be written, if they cannot. */
export function headerProblem(headers: Headers): string | undefined {
  if (headers === NO_HEADERS) return undefined;
  const bad = Object.keys(headers).find((name) => !isName(name));
  return bad === undefined
    ? undefined
    : `The header name ${JSON.stringify(bad.slice(0, 40))} is not of printable ASCII without colons and spaces.`;
}

/** What a delivered message was before it became one of NATS. */
export interface Read {
  readonly message: WireMessage;
  readonly due: number | undefined;
  /** How often it was delivered before, under other sequence numbers. */
  readonly attempts: number;
}

export interface Whereabouts {
  /** Where it was sent to. */
  readonly destination: Destination;
  readonly lane: number | undefined;
  /** The time by this process's clock: a due time beyond the longest delay is not believed. */
  readonly now: number;
}

/** A stream takes 64 KiB of headers: no more than these fit. Replies are in no stream, and may have more, which are not read. */
const MOST_LINES = 16_384;

/** Reads anything, also what others wrote: nothing here throws. */
export function read(msg: Msg, { destination, lane, now }: Whereabouts): Read {
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
    // Asked for again only behind the last one: where lines have none, each search would go to the end.
    if (colon < at) colon = endless(text.indexOf(":", at));
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
      else if (!isServers(name)) add((headers ??= {}), headerNames.unescape(name), value);
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

/** Where something is found; far behind everything where it is not. */
function endless(index: number): number {
  return index === -1 ? Infinity : index;
}

/** The header block lies before the body in one buffer. The client would parse it into a map of lists and choke on odd names. */
function headerTextOf(msg: Msg, { buffer, byteOffset, byteLength }: Uint8Array): string {
  const whole = (msg as Msg & { size(): number }).size();
  const length = whole - Buffer.byteLength(msg.subject) - Buffer.byteLength(msg.reply ?? "") - byteLength;
  return length > 0 ? Buffer.from(buffer, byteOffset - length, length).toString() : "";
}

/** What the server adds to what it delivers, and what publishers ask it by. */
function isServers(name: string): boolean {
  return name.length > 5 && name.slice(0, 5).toLowerCase() === "nats-";
}

/** Several values of one name are a list. */
function add(headers: Record<string, string>, name: string, value: string): void {
  const before = Object.hasOwn(headers, name) ? headers[name] : undefined;
  headerNames.set(headers, name, before === undefined ? value : `${before}, ${value}`);
}
