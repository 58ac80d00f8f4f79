import type { Channel } from "amqplib";
import type { Drift } from "@waybill/core/transport";
import { provisioning } from "@waybill/core/transport-kit";
import { declare, queueDeclaration, type Declaration } from "./declarations.ts";
import { DIGITS, GRID_MS, levelName } from "./delays.ts";
import { isInequivalent, isNotFound, provisioningError } from "../errors.ts";
import type { TopologyContext } from "./history.ts";
import { whileLocked } from "./lock.ts";
import { UNDELIVERED, deadLettersName, routingWord } from "./names.ts";

/** The exchange that routes due messages to their targets. */
const DELIVERY = "waybill.delivery";
/** A marker exchange without messages. It is created after the delay queues, so it proves that they exist. */
const DELAYS_READY = "waybill.delay";
/** The lock of the process that recreates {@link DELIVERY}. */
const LOCK = "waybill.delay:lock";

/**
 * Without an alternate exchange, a delay queue keeps the messages that it cannot route, and stops at the 32nd one (RabbitMQ:
 * at-least-once dead-lettering). One deleted queue would then stop the delayed messages of all services.
 */
const DELIVERY_DECLARATION: Declaration = {
  kind: "exchange",
  name: DELIVERY,
  type: "topic",
  durable: true,
  arguments: { "alternate-exchange": UNDELIVERED },
};

/** The queue that is created last. If it exists, undelivered messages are caught. */
const CAUGHT_READY = deadLettersName(UNDELIVERED);

/** Returns what is missing for delayed messages. */
export async function missingDelays({ declared }: TopologyContext): Promise<readonly Drift[]> {
  const drift: Drift[] = [];
  for (const entity of [
    { kind: "exchange", name: DELAYS_READY },
    { kind: "queue", name: CAUGHT_READY },
  ] as const) {
    const name = `${entity.kind} ${entity.name}`;
    try {
      if (!(await declared.check(entity))) drift.push(provisioning.missing(name));
    } catch (error) {
      throw provisioningError(name, error);
    }
  }
  return drift;
}

/** Creates the exchanges and queues for delayed messages. Idempotent. */
export async function createDelays(context: TopologyContext): Promise<void> {
  try {
    await declareDelays(context);
  } catch (error) {
    throw provisioningError(`exchange ${DELAYS_READY}`, error);
  }
}

/** Binds a queue or exchange, so that it receives its due messages. */
export async function bindDelivery(
  context: TopologyContext,
  kind: "exchange" | "queue",
  name: string,
): Promise<void> {
  const pattern = `#.${routingWord(kind, name)}`;
  const bind = (channel: Channel): Promise<unknown> =>
    kind === "queue"
      ? channel.bindQueue(name, DELIVERY, pattern)
      : channel.bindExchange(name, DELIVERY, pattern);
  try {
    await context.channels.run(bind);
  } catch (error) {
    if (!isNotFound(error)) throw error;
    await declareDelivery(context); // another process may be recreating it
    await context.channels.run(bind);
  }
}

async function declareDelays(context: TopologyContext): Promise<void> {
  await context.channels.run(async (channel) => {
    await declare(channel, {
      kind: "exchange",
      name: UNDELIVERED,
      type: "fanout",
      durable: true,
      arguments: {},
    });
    await declare(channel, queueDeclaration(UNDELIVERED, { isLane: true }));
    await channel.bindQueue(UNDELIVERED, UNDELIVERED, "");
    await declareLevels(channel);
  });
  await declareDelivery(context);
  await context.channels.run(async (channel) => {
    await channel.assertExchange(DELAYS_READY, "fanout", { durable: true });
    await declare(channel, queueDeclaration(CAUGHT_READY, { isLane: false }));
  });
}

async function declareLevels(channel: Channel): Promise<void> {
  for (let digit = 0; digit < DIGITS; digit++) {
    await channel.assertExchange(levelName(digit), "topic", { durable: true });
    await channel.assertQueue(levelName(digit), {
      durable: true,
      arguments: {
        "x-queue-type": "quorum",
        "x-message-ttl": 2 ** digit * GRID_MS,
        "x-dead-letter-exchange": digit === 0 ? DELIVERY : levelName(digit - 1),
        "x-dead-letter-strategy": "at-least-once",
        "x-overflow": "reject-publish",
      },
    });
  }
  for (let digit = 0; digit < DIGITS; digit++) {
    await channel.bindQueue(levelName(digit), levelName(digit), `${higher(digit)}1.#`);
    if (digit > 0) await channel.bindExchange(levelName(digit - 1), levelName(digit), `${higher(digit)}0.#`);
  }
}

const higher = (digit: number): string => "*.".repeat(DIGITS - 1 - digit);

/**
 * Declares the delivery exchange. An older version of this adapter created it without an alternate exchange; it is then
 * deleted and recreated, because AMQP cannot change it. The delay queues keep due messages meanwhile. The bindings of other
 * services are lost with the old exchange; their due messages are caught and forwarded by name.
 */
async function declareDelivery(context: TopologyContext): Promise<void> {
  const work = async (): Promise<void> => {
    try {
      await context.channels.run((channel) => declare(channel, DELIVERY_DECLARATION));
    } catch (error) {
      if (!isInequivalent(error)) throw error;
      await context.channels.run(async (channel) => {
        await channel.deleteExchange(DELIVERY);
        await declare(channel, DELIVERY_DECLARATION);
      });
    }
    await context.channels.run((channel) => channel.bindExchange(DELIVERY, levelName(0), `${higher(0)}0.#`));
  };
  await whileLocked(context, LOCK, work);
}
