import type { Codec } from "../message/codec.ts";
import type { Envelope } from "../message/envelope.ts";
import { BINARY_PREFIX } from "../message/headers.ts";
import type { WireContent } from "../message/wire-content.ts";
import { undecodable } from "./cloudevents.ts";
import { decodeBinary } from "./cloudevents-binary.ts";
import { decodeStructured, STRUCTURED_JSON } from "./cloudevents-structured.ts";
import { essenceOf } from "./media-type.ts";

/**
 * Returns the envelope of a message in either mode.
 * @param codecFor returns the codec of a message type, if its contract has one
 * @throws MessagingError `undecodable`
 */
export function decode(content: WireContent, codecFor: (type: string) => Codec | undefined): Envelope {
  const { contentType } = content;
  if (contentType === STRUCTURED_JSON) return decodeStructured(content.body, codecFor);
  const essence = essenceOf(contentType);
  if (essence === STRUCTURED_JSON) return decodeStructured(content.body, codecFor);
  if (essence.startsWith("application/cloudevents"))
    throw undecodable(`its format ${essence} is not supported`);
  if (`${BINARY_PREFIX}specversion` in content.headers) return decodeBinary(content, codecFor);
  throw undecodable(
    `it is not a CloudEvent (content type ${JSON.stringify(contentType.slice(0, 100))}, no ${BINARY_PREFIX} headers)`,
  );
}
