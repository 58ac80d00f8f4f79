import type { Channel } from "amqplib";

/**
 * A delivery limit beyond every retry policy, so that RabbitMQ never drops a poison message; core dead-letters it. Without a
 * limit a requeued message goes to the tail (RabbitMQ: quorum queues, requeueing), and from 4.0 on the default is 20.
 */
const DELIVERY_LIMIT = 1_000_000;

/** The declaration of an exchange or a queue. RabbitMQ refuses one that differs from the existing entity. */
export interface Declaration {
  readonly kind: "exchange" | "queue";
  readonly name: string;
  readonly type: string;
  readonly durable: boolean;
  readonly arguments: Readonly<Record<string, unknown>>;
}

/** Returns the declaration of a quorum queue; a lane has a single active consumer. */
export function queueDeclaration(name: string, { isLane }: { readonly isLane: boolean }): Declaration {
  const base = { "x-queue-type": "quorum", "x-delivery-limit": DELIVERY_LIMIT };
  const lane = { ...base, "x-single-active-consumer": true };
  return { kind: "queue", name, type: "quorum", durable: true, arguments: isLane ? lane : base };
}

/**
 * Returns the declaration of a queue that only counts members. It receives no messages and needs no replicas. It is durable,
 * because RabbitMQ 4.3 deprecates transient queues.
 */
export function membersDeclaration(name: string): Declaration {
  return { kind: "queue", name, type: "classic", durable: true, arguments: { "x-queue-type": "classic" } };
}

/** Returns the declaration of a stream. RabbitMQ drops whole segments, so messages stay at least `retainMs`. */
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

/** Returns the declaration of a topic's exchange, which routes each message to every bound queue. */
export function exchangeDeclaration(name: string): Declaration {
  return { kind: "exchange", name, type: "fanout", durable: true, arguments: {} };
}

/** Creates an entity, or does nothing if it exists. Rejects with 406 if the existing one differs. */
export async function declare(channel: Channel, { kind, name, type, ...rest }: Declaration): Promise<void> {
  if (kind === "queue")
    await channel.assertQueue(name, { durable: rest.durable, arguments: { ...rest.arguments } });
  else await channel.assertExchange(name, type, { durable: rest.durable, arguments: { ...rest.arguments } });
}
