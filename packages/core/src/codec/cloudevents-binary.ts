import { MessagingError, describeThrown } from "../environment/messaging-error.ts";
import type { Codec } from "../message/codec.ts";
import type { Envelope } from "../message/envelope.ts";
import { ATTRIBUTE, BINARY_PREFIX, type Headers } from "../message/headers.ts";
import type { WireContent } from "../message/wire-content.ts";
import { utf8 } from "../runtime/bytes.ts";
import { checkExtensions, envelopeOf, SPEC_VERSION } from "./cloudevents.ts";
import { decodeBytes } from "./cloudevents-structured.ts";
import { checkJson } from "./json-check.ts";

const JSON_TYPE = "application/json";
const NO_BYTES = new Uint8Array(0);

/**
 * Returns a message whose body is the data's own bytes and whose headers are the attributes.
 * @throws MessagingError `not-serializable`
 */
export function encodeBinary(envelope: Envelope, codec: Codec | undefined): WireContent {
  checkExtensions(envelope);
  const headers: Record<string, string> = {};
  const put = (name: string, value: string | number | boolean | undefined): void => {
    if (value !== undefined) headers[BINARY_PREFIX + name] = wellFormed(String(value), { name, envelope });
  };
  put("specversion", SPEC_VERSION);
  put("id", envelope.id);
  put("source", envelope.source);
  put("type", envelope.type);
  put("time", envelope.time);
  put(ATTRIBUTE.correlationId, envelope.correlationId);
  put(ATTRIBUTE.causationId, envelope.causationId);
  put(ATTRIBUTE.partitionKey, envelope.partitionKey);
  put(ATTRIBUTE.replyTo, envelope.replyTo);
  for (const name in envelope.extensions) put(name, envelope.extensions[name]);
  return { body: bytesOf(envelope, codec), contentType: contentTypeOf(envelope, codec), headers };
}

/**
 * A lone surrogate, which no broker's headers can hold: it would arrive as U+FFFD, and two different keys would
 * become equal.
 */
const LONE_SURROGATE = /\p{Surrogate}/u;

/** Returns a text without lone surrogates. @throws MessagingError `not-serializable` */
function wellFormed(
  text: string,
  { name, envelope }: { readonly name: string; readonly envelope: Envelope },
): string {
  if (!LONE_SURROGATE.test(text)) return text;
  throw new MessagingError("not-serializable", {
    what: `The attribute ${name} of ${envelope.type} has a lone surrogate, which a header cannot hold.`,
    advice: "Send well-formed text, or use structured mode in the contract.",
  });
}

/** Absent data has no media type either, because a reader could not parse an empty body as JSON. */
function contentTypeOf({ data }: Envelope, codec: Codec | undefined): string {
  return codec?.contentType ?? (data === undefined ? "" : JSON_TYPE);
}

function bytesOf({ data, type }: Envelope, codec: Codec | undefined): Uint8Array {
  if (codec === undefined) {
    checkJson(data, type);
    return data === undefined ? NO_BYTES : utf8(JSON.stringify(data));
  }
  try {
    const bytes = codec.encode(data);
    // A copy, because the sender may change its bytes before they are published.
    return isPartOf(bytes, data) ? new Uint8Array(bytes) : bytes;
  } catch (cause) {
    throw new MessagingError("not-serializable", {
      what: `The codec for ${codec.contentType} cannot write the data of ${type}: ${describeThrown(cause)}.`,
      advice: "Correct the data or the codec; nothing was sent.",
      cause,
    });
  }
}

function isPartOf(bytes: Uint8Array, data: unknown): boolean {
  return data instanceof Uint8Array && bytes.buffer === data.buffer;
}

const FORMAT: ReadonlySet<string> = new Set();

/** Returns the envelope of a message in binary mode. @throws MessagingError `undecodable` */
export function decodeBinary(
  { body, contentType, headers }: WireContent,
  codecFor: (type: string) => Codec | undefined,
): Envelope {
  const attributes = attributesOf(headers);
  const codec = codecFor(attributes["type"] ?? "");
  const isAbsent = body.length === 0 && codec === undefined && contentType === "";
  return envelopeOf(attributes, isAbsent ? undefined : decodeBytes(body, { codec, contentType }), FORMAT);
}

function attributesOf(headers: Headers): Readonly<Record<string, string>> {
  const attributes: Record<string, string> = {};
  for (const name in headers) {
    const value = headers[name];
    if (value !== undefined && name.startsWith(BINARY_PREFIX))
      attributes[name.slice(BINARY_PREFIX.length)] = value;
  }
  return attributes;
}
