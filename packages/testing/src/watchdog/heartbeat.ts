/** The state of a run in shared memory. A watchdog in another thread reads it when this thread is blocked. */
export interface Heartbeat {
  readonly memory: SharedArrayBuffer;
  /** The numbers at the positions of {@link INDEX}. */
  readonly numbers: Int32Array;
  /** The description of the current step, in UTF-8. */
  readonly text: Uint8Array;
}

/** The positions of the numbers. */
export const INDEX = { isRunning: 0, beats: 1, seed: 2, run: 3, length: 4 } as const;
const NUMBERS = 8;
const LONGEST = 512;
const encoder = new TextEncoder();

export function createHeartbeat(
  memory: SharedArrayBuffer = new SharedArrayBuffer(4 * NUMBERS + LONGEST),
): Heartbeat {
  return {
    memory,
    numbers: new Int32Array(memory, 0, NUMBERS),
    text: new Uint8Array(memory, 4 * NUMBERS, LONGEST),
  };
}

/** The heartbeat of this thread: that of the latest simulation. */
let present: Heartbeat | undefined = undefined;

export function sendBeatsTo(heartbeat: Heartbeat | undefined): void {
  present = heartbeat;
}

/** Records the start of a run: `seed` and the number of the run replay it. */
export function beginRun(seed: number, run: number): void {
  if (present === undefined) return;
  const { numbers } = present;
  numbers[INDEX.seed] = seed;
  numbers[INDEX.run] = run;
}

/** Records the start of a step, so that the watchdog can name it. Without an event, the step advances the time. */
export function beat(step: { readonly describe: () => string } | undefined): void {
  if (present === undefined) return;
  const text = step?.describe() ?? "time passes";
  const { numbers, text: bytes } = present;
  numbers[INDEX.length] = encoder.encodeInto(text, bytes).written;
  Atomics.add(numbers, INDEX.beats, 1);
}

/** Returns the last recorded step with the seed and number of its run. */
export function lastBeat({ numbers, text }: Heartbeat): {
  readonly text: string;
  readonly seed: number;
  readonly run: number;
} {
  const length = numbers[INDEX.length] ?? 0;
  return {
    text: new TextDecoder().decode(text.slice(0, length)),
    seed: numbers[INDEX.seed] ?? 0,
    run: numbers[INDEX.run] ?? 0,
  };
}
