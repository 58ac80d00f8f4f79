import type { Failure } from "./failure.ts";

/** A number of schedules with a seed of their own. A thread checks the time limit after each chunk. */
export interface Chunk {
  readonly seed: number;
  readonly runs: number;
  /** The path of the one schedule to replay. */
  readonly path: string | undefined;
}

/** The result of a chunk. */
export interface ChunkReport {
  readonly runs: number;
  readonly steps: number;
  readonly failure: Failure | undefined;
}

/** The number of schedules in a chunk. */
const CHUNK = 250;

/** Returns a chunk of a simulation: the same for the same seed, for any number of threads. */
export function chunkAt(
  at: number,
  { seed, runs }: { readonly seed: number; readonly runs: number },
): Chunk | undefined {
  const most = Math.min(CHUNK, runs - at * CHUNK);
  return most <= 0 ? undefined : { seed: (seed + at) | 0, runs: most, path: undefined };
}
