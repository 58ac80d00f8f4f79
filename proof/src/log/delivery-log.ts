import { setTimeout as pause } from "node:timers/promises";
import type { Outcome } from "../target.ts";

/** After this time without a handled message, the missing ones count as lost. */
const MAX_WAIT_MS = 60_000;

/** The numbers of the stored and of the handled messages, with times. */
export class DeliveryLog {
  readonly #stored = new Set<number>();
  readonly #handled = new Map<number, number>();
  readonly #handledAtFaults: number[] = [];
  #last = performance.now();
  #longestGapMs = 0;
  /** Whether a fault was injected. */
  #hasFault = false;

  /** Logs a confirmed send. */
  stored(number: number): void {
    this.#stored.add(number);
  }

  /** Logs the success of a handler. */
  handled(number: number): void {
    const now = performance.now();
    if (this.#hasFault) this.#longestGapMs = Math.max(this.#longestGapMs, now - this.#last);
    this.#last = now;
    this.#handled.set(number, (this.#handled.get(number) ?? 0) + 1);
  }

  /** Logs a fault; the gaps between handled messages count from now on. */
  faultInjected(): void {
    this.#handledAtFaults.push(this.#handled.size);
    this.#hasFault = true;
  }

  get handledCount(): number {
    return this.#handled.size;
  }

  /** The number of messages that were stored and never handled. */
  get lost(): number {
    let lost = 0;
    for (const number of this.#stored) if (!this.#handled.has(number)) lost += 1;
    return lost;
  }

  get duplicates(): number {
    let duplicates = 0;
    for (const times of this.#handled.values()) duplicates += times - 1;
    return duplicates;
  }

  /** Resolves when this many different messages are handled, or when no message was handled for a minute. */
  async reached(count: number): Promise<void> {
    await waitUntil(
      () => this.#handled.size >= count,
      () => performance.now() - this.#last > MAX_WAIT_MS,
    );
  }

  /** Resolves when all stored messages are handled, or when no message was handled for a minute. */
  async settled(): Promise<void> {
    await waitUntil(
      () => this.lost === 0,
      () => performance.now() - this.#last > MAX_WAIT_MS,
    );
  }

  /** Returns the result of a chaos test; `rest` replaces single fields and adds violations. */
  outcome(test: string, rest: Partial<Outcome> = {}): Outcome {
    const { lost } = this;
    return {
      test,
      stored: this.#stored.size,
      lost,
      duplicates: this.duplicates,
      recoveryMs: this.#longestGapMs,
      note: "",
      ...rest,
      violations: [
        ...(lost === 0 ? [] : [`${lost} stored messages were never handled`]),
        ...(this.#handledAtFaults.length > 0 &&
        this.#handledAtFaults.every((handled) => handled >= this.#stored.size)
          ? ["all messages were handled before the fault was injected"]
          : []),
        ...(rest.violations ?? []),
      ],
    };
  }
}

/** Polls until one of the conditions holds. */
export async function waitUntil(holds: () => boolean, hasGivenUp: () => boolean): Promise<void> {
  while (!holds() && !hasGivenUp()) await pause(20);
}
