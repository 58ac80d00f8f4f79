import type { Codec } from "../message/codec.ts";
import type { Envelope } from "../message/envelope.ts";
import { NO_HEADERS } from "../message/headers.ts";
import type { WireContent } from "../message/wire-content.ts";
import { bytesOfBase64, textOf, utf8 } from "../runtime/bytes.ts";
import { checkExtensions, envelopeOf, SPEC_VERSION, undecodable } from "./cloudevents.ts";
import { checkJson } from "./json-check.ts";
import { isJson } from "./media-type.ts";

/** The media type of one event as one JSON document (CloudEvents JSON format 1.0 §3). */
export const STRUCTURED_JSON = "application/cloudevents+json";

/**
 * Returns a message whose body is one JSON document of attributes and data.
 * @throws MessagingError `not-serializable`
 */
export function encodeStructured(envelope: Envelope): WireContent {
  checkJson(envelope.data, envelope.type);
  checkExtensions(envelope);
  const document = {
    specversion: SPEC_VERSION,
    id: envelope.id,
    source: envelope.source,
    type: envelope.type,
    time: envelope.time,
    correlationid: envelope.correlationId,
    causationid: envelope.causationId,
    partitionkey: envelope.partitionKey,
    replyto: envelope.replyTo,
    ...envelope.extensions,
    data: envelope.data,
  };
  return { body: utf8(JSON.stringify(document)), contentType: STRUCTURED_JSON, headers: NO_HEADERS };
}

const FORMAT: ReadonlySet<string> = new Set(["data", "data_base64"]);

/** Returns the envelope of a message in structured mode. @throws MessagingError `undecodable` */
export function decodeStructured(body: Uint8Array, codecFor: (type: string) => Codec | undefined): Envelope {
  const text = textOf(body);
  if (text === undefined) throw undecodable("its body is not valid UTF-8");
  const document = parse(text);
  return envelopeOf(document, dataOf(document, codecFor), FORMAT);
}

function parse(text: string): Readonly<Record<string, unknown>> {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch (cause) {
    throw undecodable("its body is not JSON", cause);
  }
  if (typeof document === "object" && document !== null && !Array.isArray(document))
    return document as Record<string, unknown>;
  throw undecodable("its body is not a JSON object");
}

/**
 * `data` is JSON or text; `data_base64` is bytes, which the codec reads if the contract has one (JSON format §3.1).
 */
function dataOf(
  document: Readonly<Record<string, unknown>>,
  codecFor: (type: string) => Codec | undefined,
): unknown {
  const encoded = document["data_base64"];
  if (encoded === undefined) return document["data"];
  const bytes = typeof encoded === "string" ? bytesOfBase64(encoded) : undefined;
  if (bytes === undefined || document["data"] !== undefined)
    throw undecodable("its data_base64 is not Base64, or it also has data");
  const { type, datacontenttype } = document;
  const codec = typeof type === "string" ? codecFor(type) : undefined;
  return decodeBytes(bytes, {
    codec,
    contentType: typeof datacontenttype === "string" ? datacontenttype : "",
  });
}

/** Returns the data of bytes. @throws MessagingError `undecodable` */
export function decodeBytes(
  bytes: Uint8Array,
  { codec, contentType }: { readonly codec: Codec | undefined; readonly contentType: string },
): unknown {
  try {
    if (codec !== undefined) return codec.decode(bytes);
    if (!isJson(contentType)) return new Uint8Array(bytes);
    const text = textOf(bytes);
    if (text === undefined) throw new TypeError("not valid UTF-8");
    return JSON.parse(text) as unknown;
  } catch (cause) {
    throw undecodable(`its data is not valid ${codec?.contentType ?? contentType}`, cause);
  }
}
