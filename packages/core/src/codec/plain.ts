import { MessagingError, describeThrown } from "../environment/messaging-error.ts";
import type { Envelope } from "../message/envelope.ts";
import { HEADER, NO_HEADERS, type Headers } from "../message/headers.ts";
import type { PlainFormat, PlainMessage } from "../message/plain-format.ts";
import { base64Of, bytesOfBase64, textOf, utf8 } from "../runtime/bytes.ts";
import { undecodable } from "./cloudevents.ts";
import type { PlainWire } from "../message/wire-content.ts";

const NO_BYTES = new Uint8Array(0);
const NO_EXTENSIONS: Envelope["extensions"] = Object.freeze({});
/** The prefix of a key that is not text. No key of our messages begins with it. */
const BASE64 = "\u0000base64:";

/** Returns a plain message, as other systems write it. @throws MessagingError `not-serializable` */
export function encodePlain(envelope: Envelope, format: PlainFormat): PlainWire {
  try {
    const written = format.write(envelope.data, envelope);
    // Copies, because the sender may change its bytes before they are published.
    const key = written.key && new Uint8Array(written.key);
    const { value, headers } = written;
    return {
      body: value === undefined ? NO_BYTES : new Uint8Array(value),
      contentType: "",
      headers: headers === undefined ? NO_HEADERS : { ...headers },
      key: key && textOfKey(key),
      record: { key, isNull: value === undefined, time: undefined },
    };
  } catch (cause) {
    throw new MessagingError("not-serializable", {
      what: `The plain format of ${envelope.type} cannot write its data: ${describeThrown(cause)}.`,
      advice: "Correct the data or the format; nothing was sent.",
      cause,
    });
  }
}

/** The attributes that a plain message gets from its contract and from the transport. */
export interface PlainFacts {
  readonly id: string;
  readonly type: string;
  readonly source: string;
}

/** Returns the envelope of a plain message. @throws MessagingError `undecodable` */
export function decodePlain(wire: PlainWire, format: PlainFormat, facts: PlainFacts): Envelope {
  const message = plainOf(wire);
  let data: unknown;
  try {
    data = format.read(message);
  } catch (cause) {
    throw undecodable(`the plain format of ${facts.type} refuses it: ${describeThrown(cause)}`, cause);
  }
  return {
    ...facts,
    time: isoOf(message.time),
    correlationId: undefined,
    causationId: undefined,
    partitionKey: wire.key ?? (message.key && textOfKey(message.key)),
    replyTo: undefined,
    extensions: NO_EXTENSIONS,
    data,
  };
}

/** Returns a time in RFC 3339. @throws MessagingError `undecodable` for a number outside the range of dates */
function isoOf(time: number | undefined): string | undefined {
  if (time === undefined) return undefined;
  const date = new Date(time);
  if (Number.isNaN(date.getTime())) throw undecodable(`its time ${time} is outside the range of dates`);
  return date.toISOString();
}

function plainOf({ body, contentType, headers: given, key, record }: PlainWire): PlainMessage {
  const others = withoutProgress(given);
  const headers = contentType === "" ? others : { "content-type": contentType, ...others };
  if (record === undefined)
    return {
      key: key === undefined ? undefined : bytesOfKey(key),
      value: body.length === 0 ? undefined : body,
      headers,
      time: undefined,
    };
  return { key: record.key, value: record.isNull ? undefined : body, headers, time: record.time };
}

/** Removes the header that core writes beside a plain message. */
function withoutProgress(headers: Headers): Headers {
  if (!(HEADER.progress in headers)) return headers;
  const { [HEADER.progress]: _, ...others } = headers;
  return others;
}

/** Returns a key as text, because most brokers have no keys of bytes; {@link bytesOfKey} reverses it. */
function textOfKey(key: Uint8Array): string {
  const text = textOf(key);
  return text === undefined || text.startsWith(BASE64) ? BASE64 + base64Of(key) : text;
}

function bytesOfKey(text: string): Uint8Array {
  return (text.startsWith(BASE64) ? bytesOfBase64(text.slice(BASE64.length)) : undefined) ?? utf8(text);
}
