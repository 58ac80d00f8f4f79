import type { Cancel } from "../ground/clock.ts";
import type { MessagingError } from "../ground/messaging-error.ts";
import type { WireMessage } from "../spi/wire-message.ts";

/** One message that waits for the broker. */
export interface Waiting {
  readonly message: WireMessage;
  /** When it was handed in, as a number: kept through every resend. */
  readonly order: number;
  readonly settle: (error: MessagingError | undefined) => void;
  /** Ends its timeout. */
  readonly cancel: Cancel;
  /** Sticky: one doubtful sending is enough. */
  maybeStored: boolean;
}

/** What waits, in the order it was handed in. */
export class SendQueue {
  /** In order; a removed entry leaves a hole until it comes to the front. */
  #entries: Waiting[] = [];
  readonly #present = new Set<Waiting>();

  get size(): number {
    return this.#present.size;
  }

  /** Usually last; a message that came back from the broker goes before the younger ones. */
  insert(entry: Waiting): void {
    let at = this.#entries.length;
    while (at > 0 && (this.#entries[at - 1]?.order ?? -1) > entry.order) at -= 1;
    this.#entries.splice(at, 0, entry);
    this.#present.add(entry);
  }

  /** False when it had gone before. */
  remove(entry: Waiting): boolean {
    return this.#present.delete(entry);
  }

  /** The oldest, at most so many. */
  first(most: number): readonly Waiting[] {
    this.#entries = this.all();
    return this.#entries.slice(0, most);
  }

  all(): Waiting[] {
    return this.#entries.filter((entry) => this.#present.has(entry));
  }
}
