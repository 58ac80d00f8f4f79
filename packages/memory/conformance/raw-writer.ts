import { textOfRaw, type RawMessage, type RawWriter } from "@waybill/conformance";
import type { MemoryBroker } from "../src/connection/broker.ts";

/** Returns a writer that stores in the broker itself. The broker keeps headers as text, and the id, key and content type. */
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
