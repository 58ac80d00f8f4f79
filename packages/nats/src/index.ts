/** The NATS JetStream transport. */
import { systemGround, type Ground, type Transport, type TransportFactory } from "@waybill/core/transport";
import { settingsOf, type NatsOptions } from "./options.ts";
import { NatsTransport } from "./transport.ts";

export type { NatsOptions, TlsOptions } from "./options.ts";

/** For `createBus`: `nats://user:password@host:4222,other:4222`. @throws MessagingError `invalid-option` */
export const createTransport: TransportFactory = (url: string, ground: Ground): Transport =>
  new NatsTransport(settingsOf({ url }), ground);

/** With options that no URL can say. @throws MessagingError `invalid-option` */
export function natsTransport(options: NatsOptions, ground: Ground = systemGround): Transport {
  return new NatsTransport(settingsOf(options), ground);
}
