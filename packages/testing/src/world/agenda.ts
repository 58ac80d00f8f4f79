import type { SimProcess } from "./process.ts";

/** A possible next event of a run. */
export interface SimEvent {
  readonly kind: "act" | "deliver" | "settle" | "call" | "return" | "reply" | "start" | "restore";
  /** The process of the event: its crash removes the event. */
  readonly owner: SimProcess | undefined;
  /** Runs the event until it awaits another event. */
  readonly run: () => void;
  /** The lane of a delivery, if it has one. */
  readonly lane?: number | undefined;
  /** Releases a delivery before its handler sees it. */
  readonly release?: () => void;
  /** Returns the text for the report of a run that never ends. */
  readonly describe: () => string;
}

/**
 * The possible next events of a run. Without choices, the newest event comes first and the acts of clients come last: each
 * conversation ends before the next one begins, so that the story of a shrunk schedule is easy to read.
 */
export class Agenda {
  /** The default event is the last one. */
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

  /** Removes and returns the chosen event, 0 for the default event; undefined when every event needs time to pass. */
  take(choice: number): SimEvent | undefined {
    if (this.#mostStalled > this.#now()) return this.#takeUnstalled(choice);
    const { size } = this;
    if (size === 0) return undefined;
    const index = choice % size;
    const events = this.#events.length;
    if (index < events)
      return index === 0 ? this.#events.pop() : this.#events.splice(events - 1 - index, 1)[0];
    return this.#acts.splice(index - events, 1)[0];
  }

  /** Blocks the events of a process until a time. */
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

  /** Removes the events of a process, of the given kinds or of all kinds. */
  purge(owner: SimProcess, kinds?: readonly SimEvent["kind"][]): void {
    this.#events = this.#events.filter(
      (event) => event.owner !== owner || kinds?.includes(event.kind) === false,
    );
  }

  /** The possible deliveries, oldest first. */
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
