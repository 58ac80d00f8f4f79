import type { Destination, Headers, WireMessage } from "@waybill/core/transport";

/** The header by which the kit recognises its messages: a transport must bring it back as it was. */
export const TAG = "kit-tag";

/** What a scenario says of a message; the rest is filled in. */
export interface MessageParts {
  readonly to: Destination;
  readonly id: string;
  readonly key?: string | undefined;
  readonly lane?: number | undefined;
  readonly body?: Uint8Array;
  readonly contentType?: string;
  readonly headers?: Headers;
  readonly deliverAt?: number | undefined;
}

/** A message with a tag of its own among its headers. */
export function taggedMessage(parts: MessageParts): WireMessage {
  return plainMessage({ ...parts, headers: { ...parts.headers, [TAG]: parts.id } });
}

/** A message with exactly the headers given: the kit cannot recognise it but by its content. */
export function plainMessage(parts: MessageParts): WireMessage {
  return {
    id: parts.id,
    destination: parts.to,
    type: "kit.message",
    correlationId: undefined,
    key: parts.key,
    lane: parts.lane,
    deliverAt: parts.deliverAt,
    body: parts.body ?? text(`body of ${parts.id}`),
    contentType: parts.contentType ?? "text/plain",
    headers: parts.headers ?? {},
  };
}

/** What a message was tagged with; of one without a tag, its id. */
export function tagOf({ headers, id }: WireMessage): string {
  return headers[TAG] ?? id;
}

/** UTF-8 bytes. */
export function text(value: string): Uint8Array {
  return new TextEncoder().encode(value);
}
