import type { Report } from "../../spi/report.ts";

/**
 * For adapters: the problems of one source, each under a key of the adapter's choice. The source counts as impaired
 * until the last of them is over; the oldest one is reported.
 */
export class Problems {
  readonly #report: Report;
  readonly #present = new Map<string, string>();

  constructor(report: Report = () => undefined) {
    this.#report = report;
  }

  /** Begins a problem. The first text of a key stands until `clear`: a problem that repeats itself is no news. */
  set(key: string, problem: string): void {
    if (this.#present.has(key)) return;
    this.#present.set(key, problem);
    this.#tell();
  }

  /** The problem is over. */
  clear(key: string): void {
    if (this.#present.delete(key)) this.#tell();
  }

  #tell(): void {
    const [oldest] = this.#present.values();
    this.#report(oldest);
  }
}
