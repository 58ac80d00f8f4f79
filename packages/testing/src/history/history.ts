import type { HistoryEvent, NewEvent } from "./history-event.ts";

/** The events of one run, in order. */
export class History {
  readonly events: HistoryEvent[] = [];
  readonly #now: () => number;
  step = 0;

  /** @param now virtual milliseconds since the run began */
  constructor(now: () => number) {
    this.#now = now;
  }

  record({ who, what, message, service, attempt, settlement, note, key }: NewEvent): void {
    const { step } = this;
    const at = this.#now();
    this.events.push({ step, at, who, what, message, service, attempt, settlement, note, key });
  }
}
