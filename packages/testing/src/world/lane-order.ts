import type { Agenda, SimEvent } from "./agenda.ts";

/** Lets only the first delivery of each lane be next: lanes keep their order, whatever the run chooses. */
export class LaneOrder {
  readonly #agenda: Agenda;
  readonly #lanes = new Map<number, SimEvent[]>();

  constructor(agenda: Agenda) {
    this.#agenda = agenda;
  }

  /** @param lane absent for what has no order */
  add(lane: number | undefined, event: SimEvent): void {
    if (lane === undefined) return this.#agenda.add(event);
    const waiting = this.#lanes.get(lane);
    if (waiting !== undefined) waiting.push(event);
    else {
      this.#lanes.set(lane, []);
      this.#agenda.add(event);
    }
  }

  /** The first of the lane has happened, or never will: the next may. */
  next(lane: number | undefined): void {
    if (lane === undefined) return;
    const following = this.#lanes.get(lane)?.shift();
    if (following === undefined) this.#lanes.delete(lane);
    else this.#agenda.add(following);
  }

  /** Forgets what waits: the broker has taken it back. */
  clear(): void {
    this.#lanes.clear();
  }
}
