import type { HistoryEvent, Told } from "./event.ts";

/** What happened in one run, in order. */
export class History {
  readonly happenings: HistoryEvent[] = [];
  readonly #now: () => number;
  step = 0;

  /** @param now virtual milliseconds since the run began */
  constructor(now: () => number) {
    this.#now = now;
  }

  tell({ who, what, message, service, attempt, settlement, note, key }: Told): void {
    const { step } = this;
    const at = this.#now();
    this.happenings.push({ step, at, who, what, message, service, attempt, settlement, note, key });
  }
}
