import { Arbitrary, type Random, Stream, Value } from "fast-check";
import { seededRandom } from "@waybill/core/transport-kit/testing";
import type { FaultName } from "../faults/fault-name.ts";
import type { PlannedFault, Schedule } from "./schedule.ts";
import { smallerSchedules } from "./smaller-schedules.ts";

/** The relative frequency of each fault. */
export type FaultWeights = Readonly<Partial<Record<FaultName, number>>>;

export interface ScheduleOptions {
  readonly weights: FaultWeights;
  /** The greatest number of faults in one run. */
  readonly mostFaults: number;
}

/**
 * The share of random choices in a schedule: a quarter of the schedules keep the default order, an eighth are entirely
 * random.
 */
const DISORDER = [0, 0, 0.05, 0.1, 0.3, 0.5, 0.8, 1] as const;
/** The upper bounds of the number of opportunities that a fault skips. */
const SKIPS = [1, 2, 4, 8, 16, 32, 64, 200] as const;
const LENGTHS = [16, 32, 64, 128, 256, 512] as const;

/**
 * An arbitrary of schedules with few and with many faults, in little and in much disorder. They shrink towards no
 * faults and no disorder.
 */
export class ScheduleArbitrary extends Arbitrary<Schedule> {
  readonly #names: readonly FaultName[];
  readonly #mostFaults: number;

  constructor({ weights, mostFaults }: ScheduleOptions) {
    super();
    this.#names = Object.entries(weights).flatMap(([name, weight]) =>
      new Array<FaultName>(weight).fill(name as FaultName),
    );
    this.#mostFaults = this.#names.length === 0 ? 0 : mostFaults;
  }

  override generate(mrng: Random): Value<Schedule> {
    const random = seededRandom(mrng.nextInt());
    const below = (end: number): number => Math.floor(random.next() * end);
    const schedule = {
      randomSeed: random.uint32(),
      faults: this.#faults(below),
      choices: choicesOf(below, () => random.next()),
    };
    return new Value(schedule, undefined);
  }

  override canShrinkWithoutContext(value: unknown): value is Schedule {
    return typeof value === "object" && value !== null && "choices" in value;
  }

  override shrink(value: Schedule): Stream<Value<Schedule>> {
    return new Stream(smallerSchedules(value)).map((smaller) => new Value(smaller, undefined));
  }

  #faults(below: (end: number) => number): readonly PlannedFault[] {
    return Array.from({ length: below(this.#mostFaults + 1) }, () => ({
      name: this.#names[below(this.#names.length)] ?? "crash",
      skips: below(SKIPS[below(SKIPS.length)] ?? 1),
      pick: below(256),
    }));
  }
}

function choicesOf(below: (end: number) => number, next: () => number): Uint8Array {
  const disorder = DISORDER[below(DISORDER.length)] ?? 0;
  if (disorder === 0) return new Uint8Array(0);
  const choices = new Uint8Array(LENGTHS[below(LENGTHS.length)] ?? 0);
  for (let at = 0; at < choices.length; at++) if (next() < disorder) choices[at] = below(256);
  return choices;
}
