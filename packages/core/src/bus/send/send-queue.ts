import type { Cancel } from "../../environment/clock.ts";
import type { MessagingError } from "../../environment/messaging-error.ts";
import { sizeOf } from "../../message/wire-size.ts";
import type { WireMessage } from "../../spi/wire-message.ts";

/** One message that waits for the broker. */
export interface Waiting {
  readonly message: WireMessage;
  /** When it was handed in, as a number: kept through every resend. */
  readonly order: number;
  readonly settle: (error: MessagingError | undefined) => void;
  /** Ends its timeout. */
  cancel: Cancel;
  /** Sticky: one doubtful sending is enough. */
  maybeStored: boolean;
  /** Whether the transport has it at the moment. */
  isOut: boolean;
  /** Whether its destination is still being provisioned. */
  isHeldBack: boolean;
}

/** What waits, in the order it was handed in. */
export class SendQueue {
  /** In order; a removed entry leaves a hole until it comes to the front. */
  #entries: Waiting[] = [];
  readonly #present = new Map<WireMessage, Waiting>();
  #bytes = 0;

  get size(): number {
    return this.#present.size;
  }

  /** The bytes of all that waits. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Usually last; a message that came back from the broker goes before the younger ones. */
  insert(entry: Waiting): void {
    let at = this.#entries.length;
    while (at > 0 && (this.#entries[at - 1]?.order ?? -1) > entry.order) at -= 1;
    this.#entries.splice(at, 0, entry);
    this.#present.set(entry.message, entry);
    this.#bytes += sizeOf(entry.message);
  }

  /** False when it had gone before. */
  remove(entry: Waiting): boolean {
    if (this.#present.get(entry.message) !== entry) return false;
    this.#present.delete(entry.message);
    this.#bytes -= sizeOf(entry.message);
    return true;
  }

  find(message: WireMessage): Waiting | undefined {
    return this.#present.get(message);
  }

  /** The oldest, at most so many, up to the first that is held back. */
  first(most: number): readonly Waiting[] {
    this.#entries = this.all();
    const end = this.#entries.findIndex(({ isHeldBack }, at) => isHeldBack || at === most);
    return end < 0 ? this.#entries.slice() : this.#entries.slice(0, end);
  }

  all(): Waiting[] {
    return this.#entries.filter((entry) => this.#present.get(entry.message) === entry);
  }
}
