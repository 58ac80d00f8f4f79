import type { Duration } from "@waybill/core";
import { sleep } from "@waybill/core/transport-kit";
import type { Clock } from "@waybill/core/transport";
import { milliseconds } from "../environment/milliseconds.ts";
import type { Effect } from "./effects.ts";
import { currentActor, runningProcess } from "./process.ts";
import { outside, type Outside } from "./platform/outside.ts";
import type { RunParts } from "./parts.ts";
import { uuidOf } from "./platform/uuid.ts";

/** The clock, random numbers and outside systems of one run, for the application under test and its fakes. */
export interface World {
  /** The clock of the run. */
  readonly clock: Clock;
  /** Returns the virtual time of the run, in milliseconds since the Unix epoch. */
  now(): number;
  /** Returns a random number from 0 (included) to 1 (excluded); the same in every replay. */
  random(): number;
  /** Returns a version 4 UUID; the same in every replay. */
  uuid(): string;
  /** Resolves after a duration of virtual time. */
  sleep(duration: Duration): Promise<void>;
  /**
   * Returns an outside system, such as a database, as processes see it: its calls take steps, may fail, and are lost with a
   * process that crashes. Keep the fake itself to inspect it.
   */
  outside<Fake extends object>(name: string, fake: Fake): Outside<Fake>;
  /** Records an effect on the outside world, such as a charge, a mail or a shipment. */
  effect(name: string, key: string | number): void;
  /** The effects recorded so far. */
  readonly effects: readonly Effect[];
  /** Returns whether a fake must fail now, because the fault `call-fails` is injected. */
  mayFail(name: string): boolean;
  /** Adds a line to the story. */
  note(text: string): void;
}

/** Returns the world of one run. */
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
