import type { Cancel } from "../../environment/clock.ts";
import type { MessagingError } from "../../environment/messaging-error.ts";
import { sizeOf } from "../../message/wire-content.ts";
import type { WireMessage } from "../../spi/wire-message.ts";

/** One message that waits for the broker. */
export interface QueuedMessage {
  readonly message: WireMessage;
  /** Its position among all messages of the sender; it keeps this position when it is resent. */
  readonly order: number;
  readonly settle: (error: MessagingError | undefined) => void;
  /** Cancels its timeout. */
  cancel: Cancel;
  /** Whether the broker may have it; stays true after one attempt with an unknown outcome. */
  maybeStored: boolean;
  /** Whether the transport is publishing it at the moment. */
  isInFlight: boolean;
  /** Whether its destination is being provisioned. */
  awaitsDestination: boolean;
}

/** The waiting messages of one destination, in the order of their `send` calls. */
export class SendQueue {
  /** In order. A removed entry stays until `first` or `all` rebuilds the list. */
  #entries: QueuedMessage[] = [];
  readonly #present = new Map<WireMessage, QueuedMessage>();
  #bytes = 0;

  get size(): number {
    return this.#present.size;
  }

  /** The bytes of all waiting messages. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Inserts a message at its position: usually the end; a message that is resent goes before the later ones. */
  insert(entry: QueuedMessage): void {
    let at = this.#entries.length;
    while (at > 0 && (this.#entries[at - 1]?.order ?? -1) > entry.order) at -= 1;
    this.#entries.splice(at, 0, entry);
    this.#present.set(entry.message, entry);
    this.#bytes += sizeOf(entry.message);
  }

  /** Removes a message. Returns false when it was removed before. */
  remove(entry: QueuedMessage): boolean {
    if (this.#present.get(entry.message) !== entry) return false;
    this.#present.delete(entry.message);
    this.#bytes -= sizeOf(entry.message);
    return true;
  }

  find(message: WireMessage): QueuedMessage | undefined {
    return this.#present.get(message);
  }

  /** Returns the oldest messages, at most `limit`, up to the first that waits for its destination. */
  first(limit: number): readonly QueuedMessage[] {
    this.#entries = this.all();
    const end = this.#entries.findIndex(({ awaitsDestination }, at) => awaitsDestination || at === limit);
    return end < 0 ? this.#entries.slice() : this.#entries.slice(0, end);
  }

  all(): QueuedMessage[] {
    return this.#entries.filter((entry) => this.#present.get(entry.message) === entry);
  }
}
