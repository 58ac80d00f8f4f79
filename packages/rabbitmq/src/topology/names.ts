import { createHash } from "node:crypto";

/**
 * How things are called on the broker. Contract and service names have no `:` and no `@`, so none of these can meet:
 * `queue`, `queue:lane`, `topic`, `topic:lane` (exchanges), `topic@group`, `topic@group:lane`, `topic:history`,
 * `service:dead-letters`, and `queue:members` or `topic@group:members`; while a group
 * catches up with a history also `topic@group:past`, `:joining` and `:lock`.
 */
export function placeName(name: string, lane: number | undefined): string {
  return lane === undefined ? name : `${name}:${lane}`;
}

/** A group's own queue, without its lane. */
export function groupName(topic: string, group: string): string {
  return `${topic}@${group}`;
}

export function deadLettersName(service: string): string {
  return `${service}:dead-letters`;
}

/** An empty queue from which every member of laned queues consumes, so that its consumers can be counted. */
export function membersName(name: string): string {
  return `${name}:members`;
}

/** The stream that keeps what a topic retains. */
export function historyName(topic: string): string {
  return `${topic}:history`;
}

/** What a late group has still to handle of the history, before its own queue. */
export function pastName(group: string): string {
  return `${group}:past`;
}

/** The exchange through which the live messages reach a group that is catching up. */
export function joiningName(group: string): string {
  return `${group}:joining`;
}

/** Held by the process that copies the history for a group. */
export function lockName(group: string): string {
  return `${group}:lock`;
}

/** The lane in the name of a place; absent for one without. */
export function laneIn(place: string): number | undefined {
  const found = /:(\d+)$/.exec(place)?.[1];
  return found === undefined ? undefined : Number(found);
}

/** The exchange and the queue that catch what is due for a place that is gone; its dead letters have a queue like those of a service. */
export const UNDELIVERED = "waybill.undelivered";

/** What a routing key of 255 bytes has left beside the bits of a delay (AMQP 0-9-1 §1.1: short strings). */
const LONGEST_WORD = 150;

/**
 * A place as one word of a topic exchange's routing key, where dots part words. Longer names end in a hash.
 * `exchange` and `queue` of one name are different places.
 */
export function routingWord(kind: "exchange" | "queue", place: string): string {
  const word = `${kind}/${place.replaceAll(".", "/")}`;
  if (word.length <= LONGEST_WORD && !place.includes("/")) return word;
  const hash = createHash("sha256").update(word).digest("base64url");
  return `${word.slice(0, LONGEST_WORD - hash.length)}${hash}`;
}

/** The place in the last word of a routing key; undefined for another word, or one that ends in a hash. */
export function placeIn(routingKey: string): { kind: "exchange" | "queue"; name: string } | undefined {
  const [, kind, place = ""] = /(?:^|\.)(exchange|queue)\/([^.]+)$/.exec(routingKey) ?? [];
  const name = place.replaceAll("/", ".");
  if (kind === undefined || kind.length + 1 + name.length >= LONGEST_WORD) return undefined;
  return { kind: kind === "queue" ? "queue" : "exchange", name };
}
