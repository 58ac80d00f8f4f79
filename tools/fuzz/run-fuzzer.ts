import { inspect } from "node:util";
import fc from "fast-check";
import type { Fuzzer } from "./fuzzer.ts";

/** The number of cases between two checks of the memory. */
const CHUNK = 20_000;
/** The limit of one case, in processor time. */
const MAX_CPU_MS = 1_000;
/** The limit of the memory growth over all cases of a fuzzer. */
const MAX_GROWTH_BYTES = 400 * 1_024 * 1_024;

export interface Outcome {
  readonly cases: number;
  readonly seconds: number;
  readonly slowestMs: number;
  readonly growthMiB: number;
  /** The fault with the smallest case and its seed. */
  readonly finding: string | undefined;
}

export interface RunOptions {
  readonly cases: number;
  readonly seed: number;
  /** Called before each chunk with the seed that repeats the chunk. */
  readonly onChunk?: (seed: number) => void;
}

/** Runs the corpus, then this many generated cases. */
export async function runFuzzer(
  { corpus, cases, run }: Fuzzer,
  { cases: wanted, seed, onChunk }: RunOptions,
): Promise<Outcome> {
  const began = Date.now();
  const before = memoryInUse();
  let done = 0;
  let slowestMs = 0;
  const property = fc.asyncProperty(cases, async (input) => {
    const cpu = process.cpuUsage();
    await run(input);
    const { user, system } = process.cpuUsage(cpu);
    slowestMs = Math.max(slowestMs, (user + system) / 1_000);
    if (user + system > MAX_CPU_MS * 1_000) throw new Error(`the case took ${(user + system) / 1_000} ms`);
  });
  const outcome = (finding: string | undefined): Outcome => ({
    cases: done,
    seconds: (Date.now() - began) / 1_000,
    slowestMs: Math.round(slowestMs),
    growthMiB: Math.round((memoryInUse() - before) / 1_024 / 1_024),
    finding,
  });
  for (let from = 0; from < wanted; from += CHUNK) {
    onChunk?.(seed + from);
    const details = await fc.check(property, {
      numRuns: Math.min(CHUNK, wanted - from),
      seed: seed + from,
      examples: from === 0 ? corpus.map((input): [unknown] => [input]) : [],
    });
    done += details.numRuns;
    if (details.failed)
      return outcome(
        `${fc.defaultReportMessage(details)}\n${inspect(details.errorInstance).slice(0, 2_000)}`,
      );
    if (memoryInUse() - before > MAX_GROWTH_BYTES) return outcome("the memory grows without limit");
  }
  return outcome(undefined);
}

/** Returns the memory in use, after a garbage collection if the process can start one (`--expose-gc`). */
function memoryInUse(): number {
  globalThis.gc?.();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}
