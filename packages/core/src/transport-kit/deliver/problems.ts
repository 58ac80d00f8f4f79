import type { Report } from "../../spi/transport.ts";

/**
 * For adapters: the problems of one source, each under a key that the adapter chooses. The source is impaired until the
 * last problem is over; the oldest one is reported.
 */
export class Problems {
  readonly #report: Report;
  readonly #present = new Map<string, string>();

  constructor(report: Report = () => undefined) {
    this.#report = report;
  }

  /** Adds a problem. The first text of a key stays until `clear`, so that a repeated problem is reported once. */
  set(key: string, problem: string): void {
    if (this.#present.has(key)) return;
    this.#present.set(key, problem);
    this.#reportOldest();
  }

  /** Removes a problem that is over. */
  clear(key: string): void {
    if (this.#present.delete(key)) this.#reportOldest();
  }

  #reportOldest(): void {
    const [oldest] = this.#present.values();
    this.#report(oldest);
  }
}
