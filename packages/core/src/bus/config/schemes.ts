/** The brokers with an adapter package of Waybill; each is also the name of an option group. */
export const BROKER_NAMES = ["memory", "rabbitmq", "nats", "kafka"] as const;
export type BrokerName = (typeof BROKER_NAMES)[number];

/** The broker of each URL scheme. */
const BY_SCHEME: ReadonlyMap<string, BrokerName> = new Map([
  ["memory", "memory"],
  ["kafka", "kafka"],
  ["kafka+tls", "kafka"],
  ["amqp", "rabbitmq"],
  ["amqps", "rabbitmq"],
  ["nats", "nats"],
  ["tls", "nats"],
]);

export const SCHEMES: readonly string[] = [...BY_SCHEME.keys()];

/** Returns the broker of a URL's scheme; undefined for an unknown scheme. */
export function brokerOf(url: string): BrokerName | undefined {
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(url)?.[1]?.toLowerCase();
  return scheme === undefined ? undefined : BY_SCHEME.get(scheme);
}

export function packageOf(broker: BrokerName): string {
  return `@waybill/${broker}`;
}
