import type { Cancel, Clock } from "@waybill/core/transport";
import { runAs, type SimProcess } from "../process.ts";

interface Alarm {
  at: number;
  readonly order: number;
  readonly owner: SimProcess | undefined;
  readonly run: () => void;
}

/** 2026-01-01T00:00:00Z: the virtual time at the start of every run. */
export const BEGINNING_MS = 1_767_225_600_000;

/** The clock of one run: it advances from alarm to alarm, when the run tells it to. */
export class SimClock implements Clock {
  #now = BEGINNING_MS;
  #order = 0;
  #alarms: Alarm[] = [];

  now(): number {
    return this.#now;
  }

  get sinceBeginning(): number {
    return this.#now - BEGINNING_MS;
  }

  get hasAlarms(): boolean {
    return this.#alarms.length > 0;
  }

  schedule(delayMs: number, run: () => void): Cancel {
    return this.#schedule(delayMs, undefined, run);
  }

  /** Returns a clock for a process: a crash removes its alarms, and a stall delays them. */
  of(owner: SimProcess): Clock {
    return {
      now: () => this.#now,
      schedule: (delayMs, run) => this.#schedule(delayMs, owner, () => runAs(owner, run)),
    };
  }

  /** Advances to the next alarm and rings it; returns false when there is none. */
  ringNext(): boolean {
    const next = this.#next();
    if (next === undefined) return false;
    this.#remove(next);
    this.#now = Math.max(this.#now, next.at);
    const { owner } = next;
    if (owner === undefined || owner.stalledUntil <= this.#now) next.run();
    else {
      next.at = owner.stalledUntil;
      this.#alarms.push(next);
    }
    return true;
  }

  purge(owner: SimProcess): void {
    this.#alarms = this.#alarms.filter((alarm) => alarm.owner !== owner);
  }

  #schedule(delayMs: number, owner: SimProcess | undefined, run: () => void): Cancel {
    if (owner?.isAlive === false) return () => undefined;
    const alarm = { at: this.#now + Math.max(0, delayMs), order: this.#order++, owner, run };
    this.#alarms.push(alarm);
    return () => this.#remove(alarm);
  }

  #remove(alarm: Alarm): void {
    const at = this.#alarms.indexOf(alarm);
    if (at >= 0) this.#alarms.splice(at, 1);
  }

  #next(): Alarm | undefined {
    let first: Alarm | undefined;
    for (const alarm of this.#alarms)
      if (first === undefined || alarm.at < first.at || (alarm.at === first.at && alarm.order < first.order))
        first = alarm;
    return first;
  }
}
