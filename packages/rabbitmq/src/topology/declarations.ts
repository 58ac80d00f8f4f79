import type { Channel } from "amqplib";

/**
 * More than any policy tries, so that the broker never drops a message: giving up is core's. It must be set: without a
 * limit a requeued message goes to the tail (RabbitMQ: quorum queues, requeueing), and from 4.0 on the default is 20.
 */
const DELIVERY_LIMIT = 1_000_000;

/** How an entity is declared: the same each time, or the broker says what differs. */
export interface Declaration {
  readonly kind: "exchange" | "queue";
  readonly name: string;
  readonly type: string;
  readonly durable: boolean;
  readonly arguments: Readonly<Record<string, unknown>>;
}

export function queueDeclaration(name: string, { isLane }: { readonly isLane: boolean }): Declaration {
  const base = { "x-queue-type": "quorum", "x-delivery-limit": DELIVERY_LIMIT };
  const lane = { ...base, "x-single-active-consumer": true };
  return { kind: "queue", name, type: "quorum", durable: true, arguments: isLane ? lane : base };
}

/** Nothing is ever sent to it, so it needs no copies; it lasts, since transient queues are on their way out (RabbitMQ 4.3). */
export function membersDeclaration(name: string): Declaration {
  return { kind: "queue", name, type: "classic", durable: true, arguments: { "x-queue-type": "classic" } };
}

/** What a topic retains: at least as long as asked for, RabbitMQ drops whole segments only. */
export function historyDeclaration(name: string, retainMs: number): Declaration {
  const age = `${Math.ceil(retainMs / 1_000)}s`;
  return {
    kind: "queue",
    name,
    type: "stream",
    durable: true,
    arguments: { "x-queue-type": "stream", "x-max-age": age },
  };
}

/** What is sent to a topic goes to every queue bound to its exchange. */
export function exchangeDeclaration(name: string): Declaration {
  return { kind: "exchange", name, type: "fanout", durable: true, arguments: {} };
}

/** Creates it, or finds it equal. Rejects with 406 where it differs. */
export async function declare(channel: Channel, { kind, name, type, ...rest }: Declaration): Promise<void> {
  if (kind === "queue")
    await channel.assertQueue(name, { durable: rest.durable, arguments: { ...rest.arguments } });
  else await channel.assertExchange(name, type, { durable: rest.durable, arguments: { ...rest.arguments } });
}
