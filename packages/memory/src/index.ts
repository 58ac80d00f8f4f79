/** The memory transport: a broker in the process, for tests, examples and small applications. */
import {
  checkOptions,
  systemGround,
  type Ground,
  type Transport,
  type TransportFactory,
} from "@waybill/core/transport";
import { brokerOf } from "./brokers.ts";
import { MemoryTransport } from "./transport.ts";

export { MemoryBroker } from "./broker.ts";
export { MemoryTransport } from "./transport.ts";
export type { BrokerShape } from "./shape.ts";

/**
 * For `createBus`: `memory:` is a broker of its own, `memory:shop` the one that all of the process share. It has no options.
 * @throws MessagingError `invalid-option`
 */
export const createTransport: TransportFactory = (url, ground, options = {}): Transport => {
  checkOptions("memory", options, {});
  return new MemoryTransport(brokerOf(url, ground));
};

export interface MemoryOptions {
  /** `memory:` for a broker of its own (default), or `memory:shop` for the one that all of the process share. */
  readonly url?: string;
}

/** For where no URL can be loaded, as in a bundle. @throws MessagingError `invalid-option` */
export function memoryTransport(
  { url = "memory:", ...options }: MemoryOptions = {},
  ground: Ground = systemGround,
): Transport {
  return createTransport(url, ground, options);
}
