import type { Channel } from "amqplib";
import { routingWord } from "./names.ts";

/**
 * Delays of any length without a plugin: one queue for each binary digit of the delay, whose messages wait 2^digit
 * units and pass on to the next lower digit by dead-lettering (as NServiceBus does it on RabbitMQ: delayed delivery
 * infrastructure v2). A message waits in the queues of the digits that are 1 and skips the others by bindings between
 * the exchanges. Its routing key is `<highest digit>. … .<lowest digit>.<place>`.
 */
export const DIGITS = 32;
export const GRID_MS = 100;
export const LONGEST_DELAY_MS: number = (2 ** DIGITS - 1) * GRID_MS;

/** Brings messages that are due to their places. */
export const DELIVERY = "waybill.delivery";
/** Nothing passes through it. Created last: where it exists, all of the levels exist. */
export const DELAYS_READY = "waybill.delay";

const level = (digit: number): string => `waybill.delay.${String(digit).padStart(2, "0")}`;

/** Where a delayed message enters, and its way from there. */
export interface DelayRoute {
  readonly exchange: string;
  readonly routingKey: string;
}

/** The route of a message that waits `delayMs`, above 0 and up to {@link LONGEST_DELAY_MS}, and then reaches a place. */
export function delayRoute(delayMs: number, word: string): DelayRoute {
  // One millisecond more: the two clocks cut their readings to whole ones.
  const units = Math.min(2 ** DIGITS - 1, Math.ceil((delayMs + 1) / GRID_MS));
  const digits = units.toString(2).padStart(DIGITS, "0");
  return {
    exchange: level(DIGITS - 1 - digits.indexOf("1")),
    routingKey: `${digits.split("").join(".")}.${word}`,
  };
}

/** How a place hears of what is due there. */
export async function bindDelivery(
  channel: Channel,
  kind: "exchange" | "queue",
  place: string,
): Promise<void> {
  const pattern = `#.${routingWord(kind, place)}`;
  if (kind === "queue") await channel.bindQueue(place, DELIVERY, pattern);
  else await channel.bindExchange(place, DELIVERY, pattern);
}

/** Creates the levels; idempotent. */
export async function declareDelays(channel: Channel): Promise<void> {
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
  await channel.assertExchange(DELIVERY, "topic", { durable: true });
  for (let digit = 0; digit < DIGITS; digit++) {
    const higher = "*.".repeat(DIGITS - 1 - digit);
    await channel.bindQueue(level(digit), level(digit), `${higher}1.#`);
    await channel.bindExchange(digit === 0 ? DELIVERY : level(digit - 1), level(digit), `${higher}0.#`);
  }
  await channel.assertExchange(DELAYS_READY, "fanout", { durable: true });
}
