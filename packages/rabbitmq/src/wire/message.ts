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
import { escapedName, isBrokerHeader } from "./header-names.ts";

/** The largest short string in bytes (AMQP 0-9-1 §4.2.5.3). A text with a third as many UTF-16 units always fits. */
const SHORT_STRING = 255;

/**
 * The adapter's own headers, for values without an AMQP property: the key, an id that is too long for a property, and the
 * target of a delayed message whose routing key cannot hold it.
 */
export const OWN_HEADERS = {
  id: "waybill-id",
  key: "waybill-key",
  target: "waybill-place",
} as const;

/** The largest header table in bytes. amqplib refuses one above 64 KiB; the rest is for headers that are added later. */
const LARGEST_HEADERS = 60_000;

/**
 * Returns the AMQP properties of a message: the id is the message-id, the contract the type, the conversation the
 * correlation-id. A message without headers, key and long id has no header table, because header tables are slow.
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
  if (!isShort(id)) table[OWN_HEADERS.id] = id;
  if (key !== undefined) table[OWN_HEADERS.key] = key;
  return table;
}

/** Returns the bytes of a header table on the wire, with the length and type of each field (AMQP 0-9-1 §4.2.5.5). */
export function sizeOf({ id, key, headers }: Pick<WireMessage, "id" | "key" | "headers">): number {
  let size = 0;
  if (headers !== NO_HEADERS)
    for (const [name, value] of Object.entries(headers))
      size += Buffer.byteLength(name) + Buffer.byteLength(value) + 7;
  if (!isShort(id)) size += Buffer.byteLength(id) + 17;
  if (key !== undefined) size += Buffer.byteLength(key) + 18;
  return size;
}

/** Returns why a message cannot be written, if the adapter knows before it calls amqplib. @param largest in bytes */
export function problemOf(message: WireMessage, largest: number): PublishFailure | undefined {
  const { body, headers, contentType } = message;
  const headerBytes = sizeOf(message);
  const bytes = body.byteLength + headerBytes;
  if (bytes > largest)
    return refusal("too-large", `${bytes} bytes are more than the ${largest} that RabbitMQ accepts.`);
  if (headerBytes > LARGEST_HEADERS)
    return refusal(
      "too-large",
      `${headerBytes} bytes of headers, key and id are more than the ${LARGEST_HEADERS} that AMQP allows.`,
    );
  if (!isShort(contentType)) return refusal("rejected", "The content type is longer than 255 bytes.");
  const long = headers === NO_HEADERS ? undefined : Object.keys(headers).find((name) => !isShort(`${name}%`));
  if (long === undefined) return undefined;
  return refusal("rejected", `The header name ${long.slice(0, 40)}… is longer than 254 bytes.`);
}

/** A delivered message in the form of the transport contract, and the number of earlier deliveries. */
export interface ReadMessage {
  readonly message: WireMessage;
  readonly attempts: number;
}

/** Converts a delivered message, also a foreign one. Never throws. */
export function readMessage(
  raw: ConsumeMessage,
  destination: Destination,
  lane: number | undefined,
): ReadMessage {
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
    else if (name === OWN_HEADERS.id) id = value;
    else if (name === OWN_HEADERS.key) key = value;
    else if (name !== OWN_HEADERS.target && !isBrokerHeader(name))
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

/** The changes to a message that is forwarded. */
export interface ForwardChanges {
  /** The added headers. They replace headers with the same name. */
  readonly headers: Headers;
  /** The number of earlier deliveries. */
  readonly attempts: number;
  /** Drops the headers of the message, and every property that is not text. */
  readonly isBare?: boolean;
  /** Moves foreign failure headers aside, because the adapter adds its own. */
  readonly isDeadLetter?: boolean;
}

/** Returns the properties of a forwarded message: unchanged, without the headers of RabbitMQ, and with the changes. */
export function forwardedProperties(raw: ConsumeMessage, changes: ForwardChanges): Options.Publish {
  const table: Record<string, unknown> = {};
  if (changes.isBare !== true) {
    const foreign = foreignHeaders(raw);
    const kept = changes.isDeadLetter === true ? ownHeaders.moveFailureHeadersAside(foreign) : foreign;
    // A reader would unescape an escaped name, and it would replace the added header.
    for (const [name, value] of Object.entries(kept))
      if (!Object.hasOwn(changes.headers, headerNames.unescape(name))) table[name] = value;
  }
  for (const [name, value] of Object.entries(changes.headers)) table[escapedName(name)] = value;
  if (changes.attempts > 0) table[HEADER.attempt] = String(changes.attempts);
  // RabbitMQ compares user-id with the publishing user, and drops the message at its expiration. Both belong to the first publish.
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

/** Returns the headers of a delivered message without those of RabbitMQ and of an earlier forward. */
export function foreignHeaders({ properties }: ConsumeMessage): Readonly<Record<string, unknown>> {
  const isForeign = (name: string): boolean =>
    !isBrokerHeader(name) && name !== HEADER.attempt && name !== OWN_HEADERS.target;
  return Object.fromEntries(Object.entries(tableIn(properties)).filter(([name]) => isForeign(name)));
}

/** Returns the number of earlier deliveries in a header, in addition to those that the queue counted. */
export function attemptsIn({ properties }: ConsumeMessage): number {
  return ownHeaders.readAttempt(tableIn(properties)[HEADER.attempt]) ?? 0;
}

/** Returns the target of a delayed message from its header, as `kind/name`; undefined without the header. */
export function delayTargetIn({ properties }: ConsumeMessage): string | undefined {
  return textIn(tableIn(properties)[OWN_HEADERS.target]);
}

function tableIn(properties: MessageProperties): Readonly<Record<string, unknown>> {
  return properties.headers ?? {};
}

/** The delivery limit of the queues. */
const MAX_DELIVERIES = 1_000_000;

function countOf(value: unknown): number {
  const count = Number(value);
  return Number.isSafeInteger(count) && count > 0 ? Math.min(count, MAX_DELIVERIES) : 0;
}

function textIn(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

/** Returns a header value as text. Foreign header tables contain numbers, dates, bytes and more. */
function textOf(value: unknown): string {
  if (typeof value === "string") return value;
  if (Buffer.isBuffer(value)) return value.toString("base64");
  try {
    return JSON.stringify(value) ?? "";
  } catch {
    return ""; // nested too deeply
  }
}
