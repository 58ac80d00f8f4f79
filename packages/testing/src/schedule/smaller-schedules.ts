import type { PlannedFault, Schedule } from "./schedule.ts";

/** Yields simpler schedules, the simplest first: without faults, without disorder, in halves, one by one. Pure. */
export function* smallerSchedules(schedule: Schedule): Generator<Schedule> {
  const { faults, choices } = schedule;
  if (faults.length > 1) yield { ...schedule, faults: [] };
  for (const at of faults.keys()) yield { ...schedule, faults: faults.filter((_, other) => other !== at) };
  for (const fewer of calmerChoices(choices)) yield { ...schedule, choices: fewer };
  for (const [at, fault] of faults.entries())
    for (const milder of milderFaults(fault)) yield { ...schedule, faults: faults.with(at, milder) };
}

function* milderFaults(fault: PlannedFault): Generator<PlannedFault> {
  for (const skips of towardsZero(fault.skips)) yield { ...fault, skips };
  for (const pick of towardsZero(fault.pick)) yield { ...fault, pick };
}

/** Yields 0, then values from half way up to the value minus 1. */
function* towardsZero(value: number): Generator<number> {
  for (let step = value; step >= 1; step = Math.floor(step / 2)) yield value - step;
}

/** Yields fewer choices, or choices with the default event in windows of half the length, a quarter, … a single one. */
function* calmerChoices(choices: Uint8Array): Generator<Uint8Array> {
  const length = lengthInUse(choices);
  if (length === 0) {
    if (choices.length > 0) yield new Uint8Array(0);
    return;
  }
  yield new Uint8Array(0);
  for (let kept = length >> 1; kept > 0; kept >>= 1) {
    yield choices.slice(0, length - kept);
    if (kept === 1) break;
  }
  for (let window = length >> 1; window >= 1; window >>= 1)
    for (let at = 0; at < length; at += window) {
      const end = Math.min(length, at + window);
      if (choices.subarray(at, end).every((choice) => choice === 0)) continue;
      yield choices.slice(0, length).fill(0, at, end);
    }
  for (let at = 0; at < length; at++) {
    const choice = choices[at] ?? 0;
    if (choice > 1) {
      const smaller = choices.slice(0, length);
      smaller[at] = choice >> 1;
      yield smaller;
    }
  }
}

/** Returns the length up to the last choice that is not 0. */
function lengthInUse(choices: Uint8Array): number {
  let length = choices.length;
  while (length > 0 && choices[length - 1] === 0) length -= 1;
  return length;
}
