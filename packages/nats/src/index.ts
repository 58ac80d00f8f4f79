/** The NATS JetStream transport. */
import { systemEnvironment } from "@waybill/core/transport-kit";
import type { Environment, Transport, TransportFactory } from "@waybill/core/transport";
import { settingsOf, type NatsOptions } from "./options.ts";
import { NatsTransport } from "./transport.ts";

export type { NatsOptions } from "./options.ts";

/** For `createBus`: `nats://user:password@host:4222,other:4222`, and options of {@link NatsOptions}. @throws MessagingError `invalid-option` */
export const createTransport: TransportFactory = (url, environment, options = {}): Transport =>
  new NatsTransport(settingsOf(url, options), environment);

/** With options that no URL can say. @throws MessagingError `invalid-option` */
export function natsTransport(
  { url, ...options }: NatsOptions,
  environment: Environment = systemEnvironment,
): Transport {
  return new NatsTransport(settingsOf(url, options), environment);
}
