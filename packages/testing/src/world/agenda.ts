import type { SimProcess } from "./process.ts";

/** Something that can happen next. */
export interface SimEvent {
  readonly kind: "act" | "deliver" | "settle" | "call" | "return" | "reply" | "start" | "restore";
  /** Whose it is: it happens no more once that one is dead. */
  readonly owner: SimProcess | undefined;
  /** Carries it out, up to where it waits for something else. */
  readonly run: () => void;
  /** For a delivery: its lane, where it has one. */
  readonly lane?: number | undefined;
  /** For a delivery: gives it back unseen. */
  readonly release?: () => void;
  /** In words, for the report of a run that never ends. */
  readonly describe: () => string;
}

/**
 * What can happen now. Left alone, the newest comes next and the acts of clients come last: each conversation runs to
 * its end before the next one begins, so that a schedule without choices reads like a story.
 */
export class Agenda {
  /** In the order in which they are to be preferred, the last first. */
  #events: SimEvent[] = [];
  #acts: SimEvent[] = [];
  readonly #now: () => number;
  #mostStalled = 0;

  constructor(now: () => number) {
    this.#now = now;
  }

  get size(): number {
    return this.#events.length + this.#acts.length;
  }

  add(event: SimEvent): void {
    if (event.owner?.isAlive === false) return;
    if (event.kind === "act") this.#acts.push(event);
    else this.#events.push(event);
  }

  /** Takes out the event that a choice means, 0 for the preferred one; nothing when nothing can happen without time. */
  take(choice: number): SimEvent | undefined {
    if (this.#mostStalled > this.#now()) return this.#takeUnstalled(choice);
    const { size } = this;
    if (size === 0) return undefined;
    const place = choice % size;
    const events = this.#events.length;
    if (place < events)
      return place === 0 ? this.#events.pop() : this.#events.splice(events - 1 - place, 1)[0];
    return this.#acts.splice(place - events, 1)[0];
  }

  /** Keeps the events of a process from happening before a time. */
  stall(owner: SimProcess, until: number): void {
    owner.stalledUntil = Math.max(owner.stalledUntil, until);
    this.#mostStalled = Math.max(this.#mostStalled, until);
  }

  remove(event: SimEvent): void {
    for (const events of [this.#events, this.#acts]) {
      const at = events.indexOf(event);
      if (at >= 0) events.splice(at, 1);
    }
  }

  /** Forgets what was to happen to a process. */
  purge(owner: SimProcess, kinds?: readonly SimEvent["kind"][]): void {
    this.#events = this.#events.filter(
      (event) => event.owner !== owner || kinds?.includes(event.kind) === false,
    );
  }

  /** The deliveries that can be next, oldest first. */
  get deliveries(): readonly SimEvent[] {
    return this.#events.filter(({ kind }) => kind === "deliver");
  }

  #takeUnstalled(choice: number): SimEvent | undefined {
    const now = this.#now();
    const able = [...this.#events.toReversed(), ...this.#acts].filter(
      ({ owner }) => owner === undefined || owner.stalledUntil <= now,
    );
    const event = able[choice % able.length];
    if (event !== undefined) this.remove(event);
    return event;
  }
}
