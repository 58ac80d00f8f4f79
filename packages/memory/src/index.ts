/** The memory transport: a broker in the process, for tests, examples and small applications. */
import { checkOptions, systemEnvironment } from "@waybill/core/transport-kit";
import type { Environment, Transport, TransportFactory } from "@waybill/core/transport";
import { brokerOf } from "./connection/broker-registry.ts";
import { MemoryTransport } from "./transport.ts";

export { MemoryBroker } from "./connection/broker.ts";
export { MemoryTransport } from "./transport.ts";
export type { BrokerShape } from "./topology/broker-profile.ts";

/**
 * For `createBus`: `memory:` is a broker of its own, `memory:shop` the one that all of the process share. It has no options.
 * @throws MessagingError `invalid-option`
 */
export const createTransport: TransportFactory = (url, environment, options = {}): Transport => {
  checkOptions("memory", options, {});
  return new MemoryTransport(brokerOf(url, environment));
};

export interface MemoryOptions {
  /** `memory:` for a broker of its own (default), or `memory:shop` for the one that all of the process share. */
  readonly url?: string;
}

/** For where no URL can be loaded, as in a bundle. @throws MessagingError `invalid-option` */
export function memoryTransport(
  { url = "memory:", ...options }: MemoryOptions = {},
  environment: Environment = systemEnvironment,
): Transport {
  return createTransport(url, environment, options);
}
