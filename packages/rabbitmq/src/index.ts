/** The RabbitMQ transport. */
import { systemEnvironment } from "@waybill/core/transport-kit";
import type { Environment, Transport, TransportFactory } from "@waybill/core/transport";
import { settingsOf, type RabbitmqOptions } from "./options.ts";
import { RabbitmqTransport } from "./transport.ts";

export type { RabbitmqOptions } from "./options.ts";

/**
 * Creates the transport for `createBus` from a URL such as `amqp://user:password@host:5672/vhost`, with the options of
 * {@link RabbitmqOptions}. @throws MessagingError `invalid-option`
 */
export const createTransport: TransportFactory = (url, environment, options = {}): Transport =>
  new RabbitmqTransport(settingsOf(url, options), environment);

/** Creates a transport with options that a URL cannot hold. @throws MessagingError `invalid-option` */
export function rabbitmqTransport(
  { url, ...options }: RabbitmqOptions,
  environment: Environment = systemEnvironment,
): Transport {
  return new RabbitmqTransport(settingsOf(url, options), environment);
}
