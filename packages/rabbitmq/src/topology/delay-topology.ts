import type { Channel } from "amqplib";
import type { Drift } from "@waybill/core/transport";
import { provisioning } from "@waybill/core/transport-kit";
import { declare, queueDeclaration, type Declaration } from "./declarations.ts";
import { DIGITS, GRID_MS, level } from "./delays.ts";
import { isInequivalent, isNotFound, provisioningError } from "../errors.ts";
import type { HistorySite } from "./history.ts";
import { whileLocked } from "./lock.ts";
import { UNDELIVERED, deadLettersName, routingWord } from "./names.ts";

/** Brings messages that are due to their places. */
const DELIVERY = "waybill.delivery";
/** Nothing passes through it. Created after the levels: where it exists, all of them exist. */
const DELAYS_READY = "waybill.delay";
/** Held by the process that makes {@link DELIVERY} anew. */
const LOCK = "waybill.delay:lock";

/**
 * Without an alternate exchange, a queue of the delays keeps what it cannot pass on, and stops at the 32nd such message
 * (RabbitMQ: at-least-once dead-lettering): one deleted queue would stop the delays of everybody.
 */
const DELIVERY_DECLARATION: Declaration = {
  kind: "exchange",
  name: DELIVERY,
  type: "topic",
  durable: true,
  arguments: { "alternate-exchange": UNDELIVERED },
};

/** Created last: where it exists, undelivered messages are caught. */
const CAUGHT_READY = deadLettersName(UNDELIVERED);

/** What delays need and do not have. */
export async function missingDelays({ declared }: HistorySite): Promise<readonly Drift[]> {
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

/** Creates what delays need. Idempotent. */
export async function createDelays(site: HistorySite): Promise<void> {
  try {
    await declareDelays(site);
  } catch (error) {
    throw provisioningError(`exchange ${DELAYS_READY}`, error);
  }
}

/** How a place hears of what is due there. */
export async function bindDelivery(
  site: HistorySite,
  kind: "exchange" | "queue",
  place: string,
): Promise<void> {
  const pattern = `#.${routingWord(kind, place)}`;
  const bind = (channel: Channel): Promise<unknown> =>
    kind === "queue"
      ? channel.bindQueue(place, DELIVERY, pattern)
      : channel.bindExchange(place, DELIVERY, pattern);
  try {
    await site.channels.run(bind);
  } catch (error) {
    if (!isNotFound(error)) throw error;
    await declareDelivery(site); // another process may be making it anew
    await site.channels.run(bind);
  }
}

async function declareDelays(site: HistorySite): Promise<void> {
  await site.channels.run(async (channel) => {
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
  await declareDelivery(site);
  await site.channels.run(async (channel) => {
    await channel.assertExchange(DELAYS_READY, "fanout", { durable: true });
    await declare(channel, queueDeclaration(CAUGHT_READY, { isLane: false }));
  });
}

async function declareLevels(channel: Channel): Promise<void> {
  for (let digit = 0; digit < DIGITS; digit++) {
    await channel.assertExchange(level(digit), "topic", { durable: true });
    await channel.assertQueue(level(digit), {
      durable: true,
      arguments: {
        "x-queue-type": "quorum",
        "x-message-ttl": 2 ** digit * GRID_MS,
        "x-dead-letter-exchange": digit === 0 ? DELIVERY : level(digit - 1),
        "x-dead-letter-strategy": "at-least-once",
        "x-overflow": "reject-publish",
      },
    });
  }
  for (let digit = 0; digit < DIGITS; digit++) {
    await channel.bindQueue(level(digit), level(digit), `${higher(digit)}1.#`);
    if (digit > 0) await channel.bindExchange(level(digit - 1), level(digit), `${higher(digit)}0.#`);
  }
}

const higher = (digit: number): string => "*.".repeat(DIGITS - 1 - digit);

/**
 * A broker that was provisioned by an older version has the exchange without its alternate: it is made anew, for nothing
 * else changes it over AMQP. What comes due meanwhile, the delays hold back and pass on later. The bindings of places that
 * this process does not know are gone with the old one: what is due there is caught, and taken there by its name.
 */
async function declareDelivery(site: HistorySite): Promise<void> {
  const work = async (): Promise<void> => {
    try {
      await site.channels.run((channel) => declare(channel, DELIVERY_DECLARATION));
    } catch (error) {
      if (!isInequivalent(error)) throw error;
      await site.channels.run(async (channel) => {
        await channel.deleteExchange(DELIVERY);
        await declare(channel, DELIVERY_DECLARATION);
      });
    }
    await site.channels.run((channel) => channel.bindExchange(DELIVERY, level(0), `${higher(0)}0.#`));
  };
  await whileLocked(site, LOCK, work);
}
