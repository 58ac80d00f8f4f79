import type { Destination } from "../../spi/destination.ts";
import { DestinationQueue, type DestinationQueueHost } from "./destination-queue.ts";

/** More than a process has destinations: idle ones beyond it are forgotten. */
const MOST_IDLE = 1_000;

/** The outlets of a sender: one for each destination, one for all replies. */
export class DestinationQueues {
  readonly #host: DestinationQueueHost;
  readonly #replies: DestinationQueue;
  readonly #queues = new Map<string, DestinationQueue>();
  readonly #topics = new Map<string, DestinationQueue>();
  readonly #groups = new Map<string, DestinationQueue>();

  constructor(host: DestinationQueueHost) {
    this.#host = host;
    this.#replies = new DestinationQueue(host);
  }

  of(destination: Destination): DestinationQueue {
    switch (destination.kind) {
      case "queue":
        return this.#in(this.#queues, destination.name);
      case "topic":
        return this.#in(this.#topics, destination.name);
      case "group":
        return this.#in(this.#groups, JSON.stringify([destination.topic, destination.group]));
      case "reply":
        return this.#replies;
    }
  }

  *all(): Iterable<DestinationQueue> {
    yield this.#replies;
    yield* this.#queues.values();
    yield* this.#topics.values();
    yield* this.#groups.values();
  }

  /** What waits in all of them. */
  get waiting(): { readonly messages: number; readonly bytes: number } {
    let messages = 0;
    let bytes = 0;
    for (const { queue } of this.all()) {
      messages += queue.size;
      bytes += queue.bytes;
    }
    return { messages, bytes };
  }

  #in(queues: Map<string, DestinationQueue>, name: string): DestinationQueue {
    const known = queues.get(name);
    if (known !== undefined) return known;
    if (queues.size >= MOST_IDLE) for (const [each, { isIdle }] of queues) if (isIdle) queues.delete(each);
    const queue = new DestinationQueue(this.#host);
    queues.set(name, queue);
    return queue;
  }
}
