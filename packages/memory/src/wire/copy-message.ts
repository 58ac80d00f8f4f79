import type { WireMessage } from "@waybill/core/transport";

/** Returns a copy that its handler may change. Redeliveries and other groups have their own copies. */
export function copyMessage(message: WireMessage): WireMessage {
  const { id, destination, contentType, type, correlationId, key, lane, deliverAt, record } = message;
  const headers = copyHeaders(message.headers);
  const copy = {
    id,
    destination,
    body: Buffer.from(message.body), // `slice` of a Buffer would share its memory
    contentType,
    headers,
    type,
    correlationId,
    key,
    lane,
    deliverAt,
  };
  return record === undefined ? copy : { ...copy, record };
}

function copyHeaders(headers: WireMessage["headers"]): WireMessage["headers"] {
  return Object.isFrozen(headers) ? headers : { ...headers };
}
