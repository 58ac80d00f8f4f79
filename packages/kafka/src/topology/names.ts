import { createHash } from "node:crypto";

/**
 * How things are called on the broker. Names of contracts and services join their words by single characters, so that
 * what is joined by two hyphens can be told from them: `topic`, `queue--queue`, `topic--to--group` (a group's own copies:
 * retries and replays), `…--later` (what waits for its time), `service--dead-letters`, `waybill--replies`.
 */
export class Names {
  readonly #others: Readonly<Record<string, string>>;
  /** Asked for with every message that is sent. */
  readonly #queues = new Map<string, string>();

  /** @param others topics that are called otherwise, by the name of their queue or topic: those that somebody else has made */
  constructor(others: Readonly<Record<string, string>> = {}) {
    this.#others = others;
  }

  topic(topic: string): string {
    return this.#other(topic) ?? plain(topic);
  }

  queue(queue: string): string {
    let name = this.#queues.get(queue);
    if (name === undefined) {
      name = this.#other(queue) ?? this.ownQueue(queue);
      this.#queues.set(queue, name);
    }
    return name;
  }

  /** What is ours alone of a queue: the queue itself, unless its topic is somebody else's. */
  ownQueue(queue: string): string {
    return `${plain(queue)}--queue`;
  }

  /** What is meant for one group of a topic alone. */
  groupTopic(topic: string, group: string): string {
    return `${plain(topic)}--to--${plain(group)}`;
  }

  /** Whether a topic is somebody else's, who knows how long it keeps what it has. */
  isExternal(topic: string): boolean {
    return Object.values(this.#others).includes(topic);
  }

  #other(name: string): string | undefined {
    return Object.hasOwn(this.#others, name) ? this.#others[name] : undefined;
  }
}

/** Where messages wait for their time that then go to a queue or to a group. */
export function delayTopicName(place: string): string {
  return `${place}--later`;
}

export function deadLetterTopicName(service: string): string {
  return `${plain(service)}--dead-letters`;
}

/** Replies of all services; each inbox reads one partition and knows its own by their key. */
export const REPLY_TOPIC = "waybill--replies";

/** The consumer group of a service's subscription to a topic. */
export function groupId(topic: string, group: string): string {
  return `${group}--of--${topic}`;
}

/** What a name may take: two of them, joined, with the longest suffix fit the 249 characters of a topic. */
const LONGEST = 118;
const HASH = 24;

/**
 * Kafka refuses a topic whose name differs from another's in nothing but dots and underscores: its metrics turn one into the
 * other. So an underscore gets a hyphen behind it, which no name has: names stay apart, whatever is created first. A name
 * that becomes too long ends in a hash.
 */
function plain(name: string): string {
  const spelled = name.replaceAll("_", "_-");
  if (spelled.length <= LONGEST) return spelled;
  const hash = createHash("sha256").update(name).digest("hex").slice(0, HASH);
  const start = spelled.slice(0, LONGEST - HASH - 2).replace(/[._-]+$/, "");
  return `${start}__${hash}`;
}
