import type { Agenda, SimEvent } from "./agenda.ts";

/** Lets only the first delivery of each lane be next: lanes keep their order, whatever the run chooses. */
export class LaneOrder {
  readonly #agenda: Agenda;
  readonly #lanes = new Map<number, SimEvent[]>();
  /** All that have not been. */
  readonly #waiting = new Set<SimEvent>();

  constructor(agenda: Agenda) {
    this.#agenda = agenda;
  }

  get isEmpty(): boolean {
    return this.#waiting.size === 0;
  }

  /** @param lane absent for what has no order */
  add(lane: number | undefined, event: SimEvent): void {
    this.#waiting.add(event);
    if (lane === undefined) return this.#agenda.add(event);
    const waiting = this.#lanes.get(lane);
    if (waiting !== undefined) waiting.push(event);
    else {
      this.#lanes.set(lane, []);
      this.#agenda.add(event);
    }
  }

  /** This one has happened, the first of its lane: the next may. */
  next(lane: number | undefined, event: SimEvent): void {
    this.#waiting.delete(event);
    if (lane === undefined) return;
    const following = this.#lanes.get(lane)?.shift();
    if (following === undefined) this.#lanes.delete(lane);
    else this.#agenda.add(following);
  }

  /** Takes out all that have not been, in order. */
  takeAll(): readonly SimEvent[] {
    const all = [...this.#waiting];
    for (const event of all) this.#agenda.remove(event);
    this.clear();
    return all;
  }

  /** Takes out those of one lane. */
  takeLane(lane: number): readonly SimEvent[] {
    const all = [...this.#waiting].filter((event) => event.lane === lane);
    for (const event of all) {
      this.#waiting.delete(event);
      this.#agenda.remove(event);
    }
    this.#lanes.delete(lane);
    return all;
  }

  /** Forgets what waits: the broker has taken it back. */
  clear(): void {
    this.#lanes.clear();
    this.#waiting.clear();
  }
}
