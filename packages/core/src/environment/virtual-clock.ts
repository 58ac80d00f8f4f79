import type { Cancel, Clock } from "./clock.ts";

interface Alarm {
  readonly at: number;
  readonly order: number;
  readonly run: () => void;
}

/** A clock that stands still until told to move. Between two alarms it lets every pending promise settle. */
export class VirtualClock implements Clock {
  #now: number;
  #order = 0;
  readonly #alarms = new Set<Alarm>();

  /** @param start Milliseconds since the Unix epoch; 2026-01-01T00:00:00Z by default. */
  constructor(start = 1_767_225_600_000) {
    this.#now = start;
  }

  now(): number {
    return this.#now;
  }

  schedule(delayMs: number, run: () => void): Cancel {
    const alarm = { at: this.#now + Math.max(0, delayMs), order: this.#order++, run };
    this.#alarms.add(alarm);
    return () => void this.#alarms.delete(alarm);
  }

  /** When the next alarm is due, if any is set. */
  get nextAt(): number | undefined {
    return this.#next()?.at;
  }

  /** How many alarms are set: what a closed bus must leave at zero. */
  get pending(): number {
    return this.#alarms.size;
  }

  /** Moves time forward, ringing what falls due in order, and settles promises before, between and after. */
  async advance(byMs: number): Promise<void> {
    const end = this.#now + byMs;
    await this.settle();
    for (let next = this.#next(); next !== undefined && next.at <= end; next = this.#next()) {
      this.#now = Math.max(this.#now, next.at);
      this.#alarms.delete(next);
      next.run();
      await this.settle();
    }
    this.#now = end;
  }

  /** Lets every promise settle that can without time or I/O: a macrotask runs only once the microtasks are done. */
  settle(): Promise<void> {
    return new Promise((resolve) => setImmediate(resolve));
  }

  #next(): Alarm | undefined {
    let first: Alarm | undefined;
    for (const alarm of this.#alarms) {
      if (first === undefined || alarm.at < first.at || (alarm.at === first.at && alarm.order < first.order))
        first = alarm;
    }
    return first;
  }
}
