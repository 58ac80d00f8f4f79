import { MessagingError, type Environment } from "@waybill/core/transport";
import { MemoryBroker } from "./broker.ts";

/** The named brokers of the process, which live as long as the process. A later transport finds their messages. */
const NAMED = new Map<string, MemoryBroker>();

/**
 * Returns the broker of a URL: a new one for `memory:`, a shared one for `memory:shop`.
 * @throws MessagingError `invalid-option`
 */
export function brokerOf(url: string, environment: Environment): MemoryBroker {
  const name = /^memory:([A-Za-z0-9._-]*)$/.exec(url)?.[1];
  if (name === undefined)
    throw new MessagingError("invalid-option", {
      what: "The transport is not a memory URL.",
      advice: "Write memory: for a new broker, or memory:name for a broker that the process shares.",
    });
  if (name === "") return new MemoryBroker(environment);
  let broker = NAMED.get(name);
  if (broker === undefined) NAMED.set(name, (broker = new MemoryBroker(environment)));
  return broker;
}
