import type { Duration } from "@waybill/core";
import { sleep } from "@waybill/core/transport-kit";
import type { Clock } from "@waybill/core/transport";
import { milliseconds } from "../environment/milliseconds.ts";
import type { Effect } from "./effects.ts";
import { currentActor, runningProcess } from "./process.ts";
import { outside, type Outside } from "./platform/outside.ts";
import type { RunParts } from "./parts.ts";
import { uuidOf } from "./platform/uuid.ts";

/** What the simulator offers to the application under test and to its fakes. One for each run. */
export interface World {
  /** The time of the run. */
  readonly clock: Clock;
  /** Milliseconds since the Unix epoch, by the time of the run. */
  now(): number;
  /** From 0 (included) to 1 (excluded); the same in every replay. */
  random(): number;
  /** A version 4 UUID; the same in every replay. */
  uuid(): string;
  /** Waits in the time of the run. */
  sleep(duration: Duration): Promise<void>;
  /**
   * Something outside of all processes, as they see it: calls take steps, may fail, and are lost with a process that
   * dies. Keep the fake itself to look at it.
   */
  outside<Fake extends object>(name: string, fake: Fake): Outside<Fake>;
  /** Writes down that something was done that the world can see: a charge, a mail, a parcel. */
  effect(name: string, key: string | number): void;
  /** What was written down so far. */
  readonly effects: readonly Effect[];
  /** Whether a fake should fail now: yes when the fault `call-fails` strikes it. */
  mayFail(name: string): boolean;
  /** Writes a line into the story. */
  note(text: string): void;
}

/** The world of one run. */
export function worldOf(parts: RunParts): World & { readonly effects: Effect[] } {
  const { clock, random, faults, history } = parts;
  const effects: Effect[] = [];
  const clockOfCaller = (): Clock => {
    const caller = runningProcess();
    return caller === undefined ? clock : clock.of(caller);
  };
  return {
    clock: {
      now: () => clock.now(),
      schedule: (delayMs, run) => clockOfCaller().schedule(delayMs, run),
    },
    now: () => clock.now(),
    random: () => random.next(),
    uuid: () => uuidOf(() => random.uint32()),
    sleep: (duration) => sleep(clockOfCaller(), milliseconds(duration, "sleep")),
    outside: (name, fake) => outside(name, fake, parts),
    effect: (name, key) => {
      effects.push({ name, key: String(key), at: clock.sinceBeginning, by: currentActor() });
      history.record({ who: currentActor(), what: "effect", note: name, key: String(key) });
    },
    effects,
    mayFail: (name) => {
      if (faults.opportunity("call-fails") === undefined) return false;
      history.record({ who: currentActor(), what: "fault", note: `${name} fails` });
      return true;
    },
    note: (text) => history.record({ who: currentActor(), what: "notes", note: text }),
  };
}
