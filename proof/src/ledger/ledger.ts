import { setTimeout as pause } from "node:timers/promises";
import type { Outcome } from "../site.ts";

/** How long nothing may happen before the rest is taken for lost. */
const PATIENCE_MS = 60_000;

/** What was stored and what was handled, by number, and when. */
export class Ledger {
  readonly #stored = new Set<number>();
  readonly #handled = new Map<number, number>();
  readonly #troubles: number[] = [];
  #last = performance.now();
  #silence = 0;
  /** From the trouble on, until something is handled again. */
  #isTroubled = false;

  /** A send was answered: this message is stored. */
  stored(number: number): void {
    this.#stored.add(number);
  }

  /** A handler has succeeded. */
  handled(number: number): void {
    const now = performance.now();
    if (this.#isTroubled) this.#silence = Math.max(this.#silence, now - this.#last);
    this.#last = now;
    this.#handled.set(number, (this.#handled.get(number) ?? 0) + 1);
  }

  /** Something is being broken: from now on the silences count. */
  trouble(): void {
    this.#troubles.push(this.#handled.size);
    this.#isTroubled = true;
  }

  get handledCount(): number {
    return this.#handled.size;
  }

  /** Stored and never handled. */
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

  /** Resolves when so many different messages are handled. */
  async reached(count: number): Promise<void> {
    await until(
      () => this.#handled.size >= count,
      () => performance.now() - this.#last > PATIENCE_MS,
    );
  }

  /** Resolves when everything stored is handled, or nothing has been for long. */
  async settled(): Promise<void> {
    await until(
      () => this.lost === 0,
      () => performance.now() - this.#last > PATIENCE_MS,
    );
  }

  /** What the trial came to, so far as it can be counted. */
  outcome(trial: string, rest: Partial<Outcome> = {}): Outcome {
    const { lost } = this;
    return {
      trial,
      stored: this.#stored.size,
      lost,
      duplicates: this.duplicates,
      recoveryMs: this.#silence,
      note: "",
      ...rest,
      broken: [
        ...(lost === 0 ? [] : [`${lost} stored messages were never handled`]),
        ...(this.#troubles.length > 0 && this.#troubles.every((handled) => handled >= this.#stored.size)
          ? ["nothing was under way when it was broken"]
          : []),
        ...(rest.broken ?? []),
      ],
    };
  }
}

/** Looks again and again, until it holds or there is no hope. */
export async function until(holds: () => boolean, isHopeless: () => boolean): Promise<void> {
  while (!holds() && !isHopeless()) await pause(20);
}
