import { createHash } from "node:crypto";

/**
 * Returns the name of a queue or exchange, or of one of its lanes.
 *
 * The names on RabbitMQ are `queue`, `queue:lane`, `topic`, `topic:lane` (exchanges), `topic@group`, `topic@group:lane`,
 * `topic:history`, `service:dead-letters`, `queue:members` and `topic@group:members`; during the backfill of a group also
 * `topic@group:past`, `:joining` and `:lock`. Contract and service names contain no `:` and no `@`, so these names differ.
 */
export function laneName(name: string, lane: number | undefined): string {
  return lane === undefined ? name : `${name}:${lane}`;
}

/** Returns the name of a group's queue, without its lane. */
export function groupName(topic: string, group: string): string {
  return `${topic}@${group}`;
}

/** Returns the name of a service's dead-letter queue. */
export function deadLettersName(service: string): string {
  return `${service}:dead-letters`;
}

/** Returns the name of the empty queue from which every member of a laned source consumes, to be counted. */
export function membersName(name: string): string {
  return `${name}:members`;
}

/** Returns the name of the stream with the retained messages of a topic. */
export function historyName(topic: string): string {
  return `${topic}:history`;
}

/** Returns the name of a group's backfill queue: the history that its members handle before its own queue. */
export function backfillName(group: string): string {
  return `${group}:past`;
}

/** Returns the name of the exchange through which a group receives live messages during its backfill. */
export function liveExchangeName(group: string): string {
  return `${group}:joining`;
}

/** Returns the name of the lock of a group's backfill. */
export function lockName(group: string): string {
  return `${group}:lock`;
}

/** Returns the lane in the name of a queue or exchange; undefined without one. */
export function laneIn(name: string): number | undefined {
  const found = /:(\d+)$/.exec(name)?.[1];
  return found === undefined ? undefined : Number(found);
}

/** The exchange and the queue of delayed messages that became due for a missing binding; also the service of their dead letters. */
export const UNDELIVERED = "waybill.undelivered";

/** The length that a routing key of 255 bytes leaves beside the digits of a delay (AMQP 0-9-1 §1.1: short strings). */
const LONGEST_WORD = 150;

/**
 * Returns a queue or exchange as one word of a topic exchange's routing key, in which dots separate words. The word of a
 * long name ends in a hash. A queue and an exchange with one name have different words.
 */
export function routingWord(kind: "exchange" | "queue", name: string): string {
  const word = `${kind}/${name.replaceAll(".", "/")}`;
  if (word.length <= LONGEST_WORD && !name.includes("/")) return word;
  const hash = createHash("sha256").update(word).digest("base64url");
  return `${word.slice(0, LONGEST_WORD - hash.length)}${hash}`;
}

/** Returns the queue or exchange in the last word of a routing key; undefined for another word, or one that ends in a hash. */
export function entityIn(routingKey: string): { kind: "exchange" | "queue"; name: string } | undefined {
  const [, kind, word = ""] = /(?:^|\.)(exchange|queue)\/([^.]+)$/.exec(routingKey) ?? [];
  const name = word.replaceAll("/", ".");
  if (kind === undefined || kind.length + 1 + name.length >= LONGEST_WORD) return undefined;
  return { kind: kind === "queue" ? "queue" : "exchange", name };
}
