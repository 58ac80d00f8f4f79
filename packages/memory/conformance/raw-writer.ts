import { textOfRaw, type RawMessage, type RawWriter } from "@waybill/conformance";
import type { MemoryBroker } from "../src/connection/broker.ts";

/** Stores by the broker itself: its headers are text, and all that it knows of a message beside them is its id, key and content type. */
export function rawWriter(broker: MemoryBroker): RawWriter {
  let count = 0;
  return {
    write: ({ kind, name, lane }, { body, contentType = "", id, key, headers = [] }) => {
      const message = {
        id: id ?? `raw ${count++}`,
        destination: { kind, name },
        type: undefined,
        correlationId: undefined,
        key,
        lane,
        deliverAt: undefined,
        contentType,
        headers: tableOf(headers),
        body,
      };
      return Promise.resolve(broker.store(message).ok);
    },
    close: () => Promise.resolve(),
  };
}

function tableOf(headers: NonNullable<RawMessage["headers"]>): Record<string, string> {
  return Object.fromEntries(headers.map(([name, value]) => [name, textOfRaw(value)]));
}
