import type { Clock } from "../../environment/clock.ts";
import { sleep } from "../../environment/clock.ts";
import type { IncomingMessage } from "./incoming-message.ts";

export interface InterruptionParts {
  readonly clock: Clock;
  /** Whether the bus is stopping or has stopped. */
  readonly isStopping: () => boolean;
  /** Warns whoever runs the process. */
  readonly tell: (warning: string) => void;
}

/** So many in a row are the usual unrest of a broker. */
const USUAL = 3;
const WARNED_AT = 5;
const PAUSE_MS = { first: 1_000, longest: 30_000 } as const;
const LOOK_MS = 250;
/** So many messages are remembered; the oldest is forgotten first. */
const MOST_REMEMBERED = 1_000;

/**
 * Remembers how often the broker took a message back while its handler ran. A message to which that happens again and again
 * is held for a while before its handler starts anew, so that nothing runs in circles without a pause.
 */
export class Interruptions {
  readonly #parts: InterruptionParts;
  readonly #counts = new Map<string, number>();

  constructor(parts: InterruptionParts) {
    this.#parts = parts;
  }

  note({ envelope, consumer }: IncomingMessage): void {
    const id = placeOf(envelope.id, consumer.service);
    const count = (this.#counts.get(id) ?? 0) + 1;
    this.#counts.delete(id);
    this.#counts.set(id, count);
    if (this.#counts.size > MOST_REMEMBERED)
      for (const oldest of this.#counts.keys()) {
        this.#counts.delete(oldest);
        break;
      }
    if (count === WARNED_AT)
      this.#parts.tell(
        `Message ${envelope.type} ${envelope.id} was taken back ${count} times while its handler in ${consumer.service} ran. It is slowed down. Look whether the handler takes longer than the broker waits.`,
      );
  }

  /** Its handler came to an end. */
  forget({ envelope, consumer }: IncomingMessage): void {
    if (this.#counts.size > 0) this.#counts.delete(placeOf(envelope.id, consumer.service));
  }

  /** Waits before a handler starts again; nothing to wait for is the rule. */
  pause({ envelope, consumer, delivery }: IncomingMessage): Promise<void> | undefined {
    if (this.#counts.size === 0) return undefined;
    const count = this.#counts.get(placeOf(envelope.id, consumer.service)) ?? 0;
    return count < USUAL ? undefined : this.#wait(pauseAfter(count), delivery.signal);
  }

  async #wait(ms: number, signal: AbortSignal): Promise<void> {
    const { clock, isStopping } = this.#parts;
    for (let left = ms; left > 0 && !isStopping() && !signal.aborted; left -= LOOK_MS)
      await sleep(clock, Math.min(left, LOOK_MS));
  }
}

function pauseAfter(count: number): number {
  return Math.min(PAUSE_MS.longest, PAUSE_MS.first * 2 ** Math.min(count - USUAL, 10));
}

function placeOf(id: string, service: string): string {
  return `${service} ${id}`;
}
