import type { WireMessage } from "@waybill/core/transport";

/** A copy that its reader may alter without harm to anybody: redeliveries and other groups have their own. */
export function copyMessage(message: WireMessage): WireMessage {
  const { id, destination, contentType, type, correlationId, key, lane, deliverAt, record } = message;
  const headers = copyHeaders(message.headers);
  const copy = {
    id,
    destination,
    body: Buffer.from(message.body), // not slice: of a Buffer that is a view
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
