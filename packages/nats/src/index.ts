/** The NATS JetStream transport. */
import { systemEnvironment } from "@waybill/core/transport-kit";
import type { Environment, Transport, TransportFactory } from "@waybill/core/transport";
import { settingsOf, type NatsOptions } from "./options.ts";
import { NatsTransport } from "./transport.ts";

export type { NatsOptions } from "./options.ts";

/** Creates the transport of a URL, for `createBus`. @param options those of {@link NatsOptions} without `url` @throws MessagingError `invalid-option` */
export const createTransport: TransportFactory = (url, environment, options = {}): Transport =>
  new NatsTransport(settingsOf(url, options), environment);

/** Creates a transport from options, also from those that a URL cannot hold. @throws MessagingError `invalid-option` */
export function natsTransport(
  { url, ...options }: NatsOptions,
  environment: Environment = systemEnvironment,
): Transport {
  return new NatsTransport(settingsOf(url, options), environment);
}
