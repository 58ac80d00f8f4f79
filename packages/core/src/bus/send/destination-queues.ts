import type { Destination } from "../../spi/destination.ts";
import type { MessagingError } from "../../environment/messaging-error.ts";
import { sizeOf } from "../../message/wire-content.ts";
import type { WireMessage } from "../../spi/wire-message.ts";
import { DestinationQueue, type DestinationQueueHost } from "./destination-queue.ts";
import { bufferFull } from "./send-errors.ts";

/** The size of the send buffer. */
export interface SendLimits {
  /** How many messages may wait while the broker is unreachable. */
  readonly sendBuffer: number;
  /** How many bytes they may have together. */
  readonly sendBufferBytes: number;
}

/** More destinations than a process usually has: beyond this number idle queues are dropped. */
const MOST_IDLE = 1_000;

/** The queues of a sender: one for each destination, one for all replies. */
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

  /** The number and the bytes of all waiting messages. */
  get waiting(): { readonly messages: number; readonly bytes: number } {
    let messages = 0;
    let bytes = 0;
    for (const { queue } of this.all()) {
      messages += queue.size;
      bytes += queue.bytes;
    }
    return { messages, bytes };
  }

  /** Returns an error when further messages exceed a limit together with the waiting ones. */
  overLimit(
    messages: readonly WireMessage[],
    { sendBuffer, sendBufferBytes }: SendLimits,
  ): MessagingError | undefined {
    const [first] = messages;
    if (first === undefined) return undefined;
    const { waiting } = this;
    if (waiting.messages + messages.length > sendBuffer)
      return bufferFull(first, `${waiting.messages} messages`);
    const bytes = messages.reduce((sum, message) => sum + sizeOf(message), waiting.bytes);
    return bytes > sendBufferBytes ? bufferFull(first, `${waiting.bytes} bytes`) : undefined;
  }

  /** Groups messages by their queue and keeps their order. */
  grouped(messages: readonly WireMessage[]): ReadonlyMap<DestinationQueue, readonly WireMessage[]> {
    const groups = new Map<DestinationQueue, WireMessage[]>();
    for (const message of messages) {
      const queue = this.of(message.destination);
      const group = groups.get(queue);
      if (group === undefined) groups.set(queue, [message]);
      else group.push(message);
    }
    return groups;
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
