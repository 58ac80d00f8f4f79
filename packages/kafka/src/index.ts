/** The Kafka transport. */
import { systemEnvironment } from "@waybill/core/transport-kit";
import type { Environment, Transport, TransportFactory } from "@waybill/core/transport";
import { settingsOf, type KafkaOptions } from "./options.ts";
import { KafkaTransport } from "./transport.ts";

export type { KafkaOptions, SaslOptions } from "./options.ts";

/** Returns a transport for `createBus`, from `kafka://user:password@host:9092,other:9092` and {@link KafkaOptions}. @throws MessagingError `invalid-option` */
export const createTransport: TransportFactory = (url, environment, options = {}): Transport =>
  new KafkaTransport(settingsOf(url, options), environment);

/** Returns a transport from options, also those that a URL cannot hold. @throws MessagingError `invalid-option` */
export function kafkaTransport(
  { url, ...options }: KafkaOptions,
  environment: Environment = systemEnvironment,
): Transport {
  return new KafkaTransport(settingsOf(url, options), environment);
}
