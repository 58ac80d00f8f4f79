import type { Failure } from "./failure.ts";

/** Some schedules, with a seed of their own: what one thread does between two looks at the clock. */
export interface Chunk {
  readonly seed: number;
  readonly runs: number;
  /** Replays one of them. */
  readonly path: string | undefined;
}

/** How a chunk went. */
export interface ChunkReport {
  readonly runs: number;
  readonly steps: number;
  readonly failure: Failure | undefined;
}

/** Schedules tried between two looks at the clock. */
const CHUNK = 250;

/** The chunks of a simulation: the same for the same seed, however many threads share them. */
export function chunkAt(
  at: number,
  { seed, runs }: { readonly seed: number; readonly runs: number },
): Chunk | undefined {
  const most = Math.min(CHUNK, runs - at * CHUNK);
  return most <= 0 ? undefined : { seed: (seed + at) | 0, runs: most, path: undefined };
}
