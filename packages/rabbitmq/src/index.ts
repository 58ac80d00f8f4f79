/** The RabbitMQ transport. */
import { systemEnvironment } from "@waybill/core/transport-kit";
import type { Environment, Transport, TransportFactory } from "@waybill/core/transport";
import { settingsOf, type RabbitmqOptions } from "./options.ts";
import { RabbitmqTransport } from "./transport.ts";

export type { RabbitmqOptions } from "./options.ts";

/** For `createBus`: `amqp://user:password@host:5672/vhost`, and options of {@link RabbitmqOptions}. @throws MessagingError `invalid-option` */
export const createTransport: TransportFactory = (url, environment, options = {}): Transport =>
  new RabbitmqTransport(settingsOf(url, options), environment);

/** With options that no URL can say. @throws MessagingError `invalid-option` */
export function rabbitmqTransport(
  { url, ...options }: RabbitmqOptions,
  environment: Environment = systemEnvironment,
): Transport {
  return new RabbitmqTransport(settingsOf(url, options), environment);
}
