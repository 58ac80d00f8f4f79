import { sleep, type Clock } from "../../environment/clock.ts";
import type { IncomingMessage } from "./incoming-message.ts";

export interface InterruptionParts {
  readonly clock: Clock;
  /** Whether the bus is stopping or has stopped. */
  readonly isStopping: () => boolean;
  /** Warns the operator. */
  readonly warn: (warning: string) => void;
}

/**
 * The number of interruptions in a row from which a message is paused. Rebalances and lost connections cause a few in
 * any case.
 */
const PAUSED_FROM = 3;
const WARNED_AT = 5;
const PAUSE_MS = { first: 1_000, longest: 30_000 } as const;
/** How often a pause checks whether it must end early. */
const CHECK_MS = 250;
/** The number of messages that are remembered; the oldest is forgotten first. */
const MOST_REMEMBERED = 1_000;

/**
 * Counts how often in a row the broker took a message back while its handler ran. A message with many interruptions is
 * paused before its handler starts again, so that it is not delivered in a tight loop.
 */
export class Interruptions {
  readonly #parts: InterruptionParts;
  readonly #counts = new Map<string, number>();

  constructor(parts: InterruptionParts) {
    this.#parts = parts;
  }

  note({ envelope, consumer }: IncomingMessage): void {
    const id = keyOf(envelope.id, consumer.service);
    const count = (this.#counts.get(id) ?? 0) + 1;
    this.#counts.delete(id);
    this.#counts.set(id, count);
    if (this.#counts.size > MOST_REMEMBERED)
      for (const oldest of this.#counts.keys()) {
        this.#counts.delete(oldest);
        break;
      }
    if (count === WARNED_AT)
      this.#parts.warn(
        `The broker took message ${envelope.type} ${envelope.id} back ${count} times while its handler in ${consumer.service} ran. Further deliveries are delayed. Check whether the handler takes longer than the broker allows.`,
      );
  }

  /** Forgets a message whose handler has succeeded. */
  forget({ envelope, consumer }: IncomingMessage): void {
    if (this.#counts.size > 0) this.#counts.delete(keyOf(envelope.id, consumer.service));
  }

  /** Resolves when the handler may start; returns undefined when it may start at once, the usual case. */
  pause({ envelope, consumer, delivery }: IncomingMessage): Promise<void> | undefined {
    if (this.#counts.size === 0) return undefined;
    const count = this.#counts.get(keyOf(envelope.id, consumer.service)) ?? 0;
    return count < PAUSED_FROM ? undefined : this.#wait(pauseAfter(count), delivery.signal);
  }

  async #wait(ms: number, signal: AbortSignal): Promise<void> {
    const { clock, isStopping } = this.#parts;
    for (let left = ms; left > 0 && !isStopping() && !signal.aborted; left -= CHECK_MS)
      await sleep(clock, Math.min(left, CHECK_MS));
  }
}

function pauseAfter(count: number): number {
  return Math.min(PAUSE_MS.longest, PAUSE_MS.first * 2 ** Math.min(count - PAUSED_FROM, 10));
}

function keyOf(id: string, service: string): string {
  return `${service} ${id}`;
}
