/** The RabbitMQ transport. */
import { systemGround, type Ground, type Transport, type TransportFactory } from "@waybill/core/transport";
import { settingsOf, type RabbitmqOptions } from "./options.ts";
import { RabbitmqTransport } from "./transport.ts";

export type { RabbitmqOptions } from "./options.ts";

/** For `createBus`: `amqp://user:password@host:5672/vhost`, and options of {@link RabbitmqOptions}. @throws MessagingError `invalid-option` */
export const createTransport: TransportFactory = (url, ground, options = {}): Transport =>
  new RabbitmqTransport(settingsOf(url, options), ground);

/** With options that no URL can say. @throws MessagingError `invalid-option` */
export function rabbitmqTransport(
  { url, ...options }: RabbitmqOptions,
  ground: Ground = systemGround,
): Transport {
  return new RabbitmqTransport(settingsOf(url, options), ground);
}
