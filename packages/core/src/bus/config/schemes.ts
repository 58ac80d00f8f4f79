/** The brokers that have an adapter of ours: each with its package, and its key in a configuration. */
export const BROKER_NAMES = ["memory", "rabbitmq", "nats", "kafka"] as const;
export type BrokerName = (typeof BROKER_NAMES)[number];

/** Which broker speaks which scheme. */
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

/** The broker that speaks a URL's scheme, if one does. */
export function brokerOf(url: string): BrokerName | undefined {
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(url)?.[1]?.toLowerCase();
  return scheme === undefined ? undefined : BY_SCHEME.get(scheme);
}

export function packageOf(broker: BrokerName): string {
  return `@waybill/${broker}`;
}
