/** The memory transport: a broker in the process, for tests, examples and small applications. */
import { checkOptions, systemEnvironment } from "@waybill/core/transport-kit";
import type { Environment, Transport, TransportFactory } from "@waybill/core/transport";
import { brokerOf } from "./connection/broker-registry.ts";
import { MemoryTransport } from "./transport.ts";

export { MemoryBroker } from "./connection/broker.ts";
export { MemoryTransport } from "./transport.ts";
export type { BrokerProfile } from "./topology/broker-profile.ts";

/**
 * Creates the transport for `createBus`. `memory:` is a new broker, `memory:shop` a broker that the process shares. There
 * are no options. @throws MessagingError `invalid-option`
 */
export const createTransport: TransportFactory = (url, environment, options = {}): Transport => {
  checkOptions("memory", options, {});
  return new MemoryTransport(brokerOf(url, environment));
};

export interface MemoryOptions {
  /** `memory:` for a new broker (default), or `memory:shop` for a broker that the process shares. */
  readonly url?: string;
}

/** Creates a transport without loading a module by URL, as a bundle needs it. @throws MessagingError `invalid-option` */
export function memoryTransport(
  { url = "memory:", ...options }: MemoryOptions = {},
  environment: Environment = systemEnvironment,
): Transport {
  return createTransport(url, environment, options);
}
