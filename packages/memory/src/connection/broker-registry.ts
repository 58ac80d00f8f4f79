import { MessagingError, type Environment } from "@waybill/core/transport";
import { MemoryBroker } from "./broker.ts";

/** The named brokers of the process. They live as long as it does: who comes later finds what was left. */
const NAMED = new Map<string, MemoryBroker>();

/**
 * The broker of a URL: `memory:` is a new one, `memory:shop` the one that all who name it share.
 * @throws MessagingError `invalid-option`
 */
export function brokerOf(url: string, environment: Environment): MemoryBroker {
  const name = /^memory:([A-Za-z0-9._-]*)$/.exec(url)?.[1];
  if (name === undefined)
    throw new MessagingError("invalid-option", {
      what: "The transport is not a memory URL.",
      advice:
        "Write memory: for a broker of your own, or memory:name for one that is shared within the process.",
    });
  if (name === "") return new MemoryBroker(environment);
  let broker = NAMED.get(name);
  if (broker === undefined) NAMED.set(name, (broker = new MemoryBroker(environment)));
  return broker;
}
