import { createHash } from "node:crypto";

/**
 * The names of topics on the broker: `topic`, `queue--queue`, `topic--to--group` (the group's own topic, for retries and
 * replays), `…--later` (the delay topic), `service--dead-letters`, `waybill--replies`. The names of contracts and services
 * never contain two hyphens in a row, so no two of them meet.
 */
export class Names {
  readonly #external: Readonly<Record<string, string>>;
  /** A cache, because every sent message asks for a name. */
  readonly #queues = new Map<string, string>();

  /** @param external topics that other programs created, by the name of their queue or topic here */
  constructor(external: Readonly<Record<string, string>> = {}) {
    this.#external = external;
  }

  topic(topic: string): string {
    return this.#externalName(topic) ?? plain(topic);
  }

  queue(queue: string): string {
    let name = this.#queues.get(queue);
    if (name === undefined) {
      name = this.#externalName(queue) ?? this.ownQueue(queue);
      this.#queues.set(queue, name);
    }
    return name;
  }

  /** Returns the queue's own topic: its message topic, unless that is external. */
  ownQueue(queue: string): string {
    return `${plain(queue)}--queue`;
  }

  /** Returns the own topic of a group: messages for this group alone. */
  groupTopic(topic: string, group: string): string {
    return `${plain(topic)}--to--${plain(group)}`;
  }

  /** Whether another program created a topic, and so decides on its retention. */
  isExternal(topic: string): boolean {
    return Object.values(this.#external).includes(topic);
  }

  #externalName(name: string): string | undefined {
    return Object.hasOwn(this.#external, name) ? this.#external[name] : undefined;
  }
}

/** Returns the delay topic of a queue's or a group's own topic. */
export function delayTopicName(topic: string): string {
  return `${topic}--later`;
}

export function deadLetterTopicName(service: string): string {
  return `${plain(service)}--dead-letters`;
}

/** The topic of all replies. Each inbox reads one partition, and finds its own replies by their key. */
export const REPLY_TOPIC = "waybill--replies";

/** Returns the consumer group of a service that subscribes to a topic. */
export function groupId(topic: string, group: string): string {
  return `${group}--of--${topic}`;
}

/** The longest part of a topic's name: two parts with the longest suffix fit the 249 characters that Kafka allows. */
const LONGEST = 118;
const HASH = 24;

/**
 * Returns a name in which an underscore is written `_-`, which no name of a contract contains. Kafka refuses a topic whose
 * name differs from another's only in dots and underscores, because its metrics replace one by the other. A name that
 * becomes too long ends in a hash.
 */
function plain(name: string): string {
  const spelled = name.replaceAll("_", "_-");
  if (spelled.length <= LONGEST) return spelled;
  const hash = createHash("sha256").update(name).digest("hex").slice(0, HASH);
  const start = spelled.slice(0, LONGEST - HASH - 2).replace(/[._-]+$/, "");
  return `${start}__${hash}`;
}
