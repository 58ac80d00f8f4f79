import type { Destination, Headers, WireMessage } from "@waybill/core/transport";

/** The header by which the kit recognises its messages: a transport must deliver it unchanged. */
export const TAG = "kit-tag";

/** The parts of a message that a scenario sets; the kit fills in the rest. */
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

/** Returns a message with its id as the tag among its headers. */
export function taggedMessage(parts: MessageParts): WireMessage {
  return plainMessage({ ...parts, headers: { ...parts.headers, [TAG]: parts.id } });
}

/** Returns a message with exactly the given headers: the kit can recognise it only by its content. */
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

/** Returns the tag of a message; its id if it has no tag. */
export function tagOf({ headers, id }: WireMessage): string {
  return headers[TAG] ?? id;
}

/** Encodes text as UTF-8. */
export function text(value: string): Uint8Array {
  return new TextEncoder().encode(value);
}
