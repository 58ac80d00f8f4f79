import type { Agenda, SimEvent } from "./agenda.ts";

/** Keeps the order of lanes: only the first delivery of each lane is a possible next event. */
export class LaneOrder {
  readonly #agenda: Agenda;
  readonly #lanes = new Map<number, SimEvent[]>();
  /** The deliveries that have not happened. */
  readonly #waiting = new Set<SimEvent>();

  constructor(agenda: Agenda) {
    this.#agenda = agenda;
  }

  get isEmpty(): boolean {
    return this.#waiting.size === 0;
  }

  /** @param lane absent for a delivery without order */
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

  /** Makes the next delivery of a lane possible after its first one has happened. */
  next(lane: number | undefined, event: SimEvent): void {
    this.#waiting.delete(event);
    if (lane === undefined) return;
    const following = this.#lanes.get(lane)?.shift();
    if (following === undefined) this.#lanes.delete(lane);
    else this.#agenda.add(following);
  }

  /** Removes and returns all waiting deliveries, in order. */
  takeAll(): readonly SimEvent[] {
    const all = [...this.#waiting];
    for (const event of all) this.#agenda.remove(event);
    this.clear();
    return all;
  }

  /** Removes and returns the waiting deliveries of one lane. */
  takeLane(lane: number): readonly SimEvent[] {
    const all = [...this.#waiting].filter((event) => event.lane === lane);
    for (const event of all) {
      this.#waiting.delete(event);
      this.#agenda.remove(event);
    }
    this.#lanes.delete(lane);
    return all;
  }

  /** Forgets the waiting deliveries, after the broker has taken them back. */
  clear(): void {
    this.#lanes.clear();
    this.#waiting.clear();
  }
}
