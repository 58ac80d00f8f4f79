import type { ConsumeMessage, MessageProperties, Options } from "amqplib";
import {
  HEADER,
  NO_HEADERS,
  type Destination,
  type Headers,
  type PublishFailure,
  type WireMessage,
} from "@waybill/core/transport";
import { headerNames, ownHeaders, refusal } from "@waybill/core/transport-kit";
import { escapedName, isBrokers } from "./header-names.ts";

/** AMQP 0-9-1 §4.2.5.3: a short string has 255 bytes. UTF-16 units of up to a third of it need no counting. */
const SHORT_STRING = 255;

/**
 * What has no property travels in headers of ours: a key, an id that is longer than a property may be, and the place of a
 * delayed message whose routing key does not tell it.
 */
export const OWN = {
  id: "waybill-id",
  key: "waybill-key",
  place: "waybill-place",
} as const;

/** amqplib refuses a header table above 64 KiB; a little of it is left for what is added on the way. */
const LARGEST_HEADERS = 60_000;

/**
 * A message's properties. The id is the message-id, the contract the type, the conversation the correlation-id. Headers
 * are the slow part of AMQP, so there are none unless the message has some, or a key.
 */
export function propertiesOf(message: WireMessage): Options.Publish {
  const { id, key, type, correlationId, contentType, headers } = message;
  return {
    deliveryMode: 2,
    messageId: isShort(id) ? id : undefined,
    type: isShort(type) ? type : undefined,
    correlationId: isShort(correlationId) ? correlationId : undefined,
    contentType: contentType === "" ? undefined : contentType,
    headers:
      headers === NO_HEADERS && isShort(id) && key === undefined ? undefined : tableOf(headers, { id, key }),
  } as Options.Publish;
}

function isShort(text: string | undefined): boolean {
  return text === undefined || text.length <= SHORT_STRING / 3 || Buffer.byteLength(text) <= SHORT_STRING;
}

function tableOf(
  headers: Headers,
  { id, key }: { readonly id: string; readonly key: string | undefined },
): Record<string, string> {
  const table: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) table[escapedName(name)] = value;
  if (!isShort(id)) table[OWN.id] = id;
  if (key !== undefined) table[OWN.key] = key;
  return table;
}

/** The bytes of a header table on the wire: a length and a type with each name and value (AMQP 0-9-1 §4.2.5.5). */
export function sizeOf({ id, key, headers }: Pick<WireMessage, "id" | "key" | "headers">): number {
  let size = 0;
  if (headers !== NO_HEADERS)
    for (const [name, value] of Object.entries(headers))
      size += Buffer.byteLength(name) + Buffer.byteLength(value) + 7;
  if (!isShort(id)) size += Buffer.byteLength(id) + 17;
  if (key !== undefined) size += Buffer.byteLength(key) + 18;
  return size;
}

/** Why a message cannot be written, if it cannot: known before anything is asked of the client or the broker. */
export function problemOf(message: WireMessage, largest: number): PublishFailure | undefined {
  const { body, headers, contentType } = message;
  const headerBytes = sizeOf(message);
  const bytes = body.byteLength + headerBytes;
  if (bytes > largest)
    return refusal("too-large", `${bytes} bytes are more than the ${largest} that RabbitMQ takes.`);
  if (headerBytes > LARGEST_HEADERS)
    return refusal(
      "too-large",
      `${headerBytes} bytes of headers, key and id are more than the ${LARGEST_HEADERS} that AMQP takes.`,
    );
  if (!isShort(contentType)) return refusal("rejected", "The content type is longer than 255 bytes.");
  const long = headers === NO_HEADERS ? undefined : Object.keys(headers).find((name) => !isShort(`${name}%`));
  if (long === undefined) return undefined;
  return refusal("rejected", `The header name ${long.slice(0, 40)}… is longer than 254 bytes.`);
}

/** What a delivered message was before it became one of AMQP; `attempts` tells how often it was delivered before. */
export interface Read {
  readonly message: WireMessage;
  readonly attempts: number;
}

/** Reads anything, also what others wrote: nothing here throws. */
export function read(raw: ConsumeMessage, destination: Destination, lane: number | undefined): Read {
  const { properties, content } = raw;
  const table = tableIn(properties);
  let attempts = 0;
  let headers: Record<string, string> | undefined;
  let id: unknown = properties.messageId;
  let key: unknown;
  for (const name of Object.keys(table)) {
    const value = table[name];
    if (name === "x-delivery-count") attempts += countOf(value);
    else if (name === HEADER.attempt) attempts += ownHeaders.readAttempt(value) ?? 0;
    else if (name === OWN.id) id = value;
    else if (name === OWN.key) key = value;
    else if (name !== OWN.place && !isBrokers(name))
      headerNames.set((headers ??= {}), headerNames.unescape(name), textOf(value));
  }
  return {
    attempts,
    message: {
      id: typeof id === "string" ? id : "",
      destination,
      type: textIn(properties.type),
      correlationId: textIn(properties.correlationId),
      key: textIn(key),
      lane,
      deliverAt: undefined,
      contentType: textIn(properties.contentType) ?? "",
      headers: headers ?? NO_HEADERS,
      body: content,
    },
  };
}

/** How a message is moved on. */
export interface Changes {
  /** Added, over those of the same name. */
  readonly headers: Headers;
  /** How often it was delivered before. */
  readonly attempts: number;
  /** Leaves out its own headers, and every property that is no text. */
  readonly isBare?: boolean;
  /** Moves foreign failure headers aside. */
  readonly isDeadLetter?: boolean;
}

/** The properties of a delivered message for its next way: untouched but for what the broker wrote, and what is added. */
export function forwardedProperties(raw: ConsumeMessage, changes: Changes): Options.Publish {
  const table: Record<string, unknown> = {};
  if (changes.isBare !== true) {
    const foreign = foreignHeaders(raw);
    const kept = changes.isDeadLetter === true ? ownHeaders.moveFailureHeadersAside(foreign) : foreign;
    // An escaped name is read as the plain one, and what is read later wins: what is added must stand alone.
    for (const [name, value] of Object.entries(kept))
      if (!Object.hasOwn(changes.headers, headerNames.unescape(name))) table[name] = value;
  }
  for (const [name, value] of Object.entries(changes.headers)) table[escapedName(name)] = value;
  if (changes.attempts > 0) table[HEADER.attempt] = String(changes.attempts);
  // The broker compares user-id with who publishes, and acts upon expiration; both were meant for the first way.
  const {
    userId: _,
    expiration: __,
    clusterId: ___,
    ...kept
  } = raw.properties as unknown as Record<string, unknown>;
  const properties =
    changes.isBare === true
      ? Object.fromEntries(Object.entries(kept).filter(([, value]) => typeof value === "string"))
      : kept;
  return { ...properties, deliveryMode: 2, headers: table };
}

/** The headers of a delivered message, but for those that the broker or the last way has written. */
export function foreignHeaders({ properties }: ConsumeMessage): Readonly<Record<string, unknown>> {
  const isForeign = (name: string): boolean =>
    !isBrokers(name) && name !== HEADER.attempt && name !== OWN.place;
  return Object.fromEntries(Object.entries(tableIn(properties)).filter(([name]) => isForeign(name)));
}

/** How many deliveries a header tells of, besides those that the queue has counted. */
export function attemptsNoted({ properties }: ConsumeMessage): number {
  return ownHeaders.readAttempt(tableIn(properties)[HEADER.attempt]) ?? 0;
}

/** The place of a delayed message, where a header tells it. */
export function placeNoted({ properties }: ConsumeMessage): string | undefined {
  return textIn(tableIn(properties)[OWN.place]);
}

function tableIn(properties: MessageProperties): Readonly<Record<string, unknown>> {
  return properties.headers ?? {};
}

/** The delivery limit of the queues. */
const MOST_DELIVERIES = 1_000_000;

function countOf(value: unknown): number {
  const count = Number(value);
  return Number.isSafeInteger(count) && count > 0 ? Math.min(count, MOST_DELIVERIES) : 0;
}

function textIn(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

/** Header tables of others hold numbers, dates, bytes and more. */
function textOf(value: unknown): string {
  if (typeof value === "string") return value;
  if (Buffer.isBuffer(value)) return value.toString("base64");
  try {
    return JSON.stringify(value) ?? "";
  } catch {
    return ""; // nested too deeply
  }
}
