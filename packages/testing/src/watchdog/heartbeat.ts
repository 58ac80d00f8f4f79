/** What a run tells of itself through shared memory, for whoever watches from another thread: this one may be blocked. */
export interface Heartbeat {
  readonly memory: SharedArrayBuffer;
  /** By {@link INDEX}. */
  readonly numbers: Int32Array;
  /** What the present step does, in UTF-8. */
  readonly text: Uint8Array;
}

/** Which number is where. */
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

/** Of this thread; there is one simulation at a time that beats, the latest. */
let present: Heartbeat | undefined = undefined;

export function sendBeatsTo(heartbeat: Heartbeat | undefined): void {
  present = heartbeat;
}

/** A run begins: `seed` and the number of the run replay it. */
export function beginRun(seed: number, run: number): void {
  if (present === undefined) return;
  const { numbers } = present;
  numbers[INDEX.seed] = seed;
  numbers[INDEX.run] = run;
}

/** A step begins; if it never ends, this is what is known of it. A step of nobody's is one of time. */
export function beat(step: { readonly describe: () => string } | undefined): void {
  if (present === undefined) return;
  const text = step?.describe() ?? "time passes";
  const { numbers, text: bytes } = present;
  numbers[INDEX.length] = encoder.encodeInto(text, bytes).written;
  Atomics.add(numbers, INDEX.beats, 1);
}

/** What the last step was, and how its run is replayed. */
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
