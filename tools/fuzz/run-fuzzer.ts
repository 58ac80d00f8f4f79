import { inspect } from "node:util";
import fc from "fast-check";
import type { Fuzzer } from "./fuzzer.ts";

/** Between two looks at the memory. */
const CHUNK = 20_000;
/** One case may take so long, in processor time. */
const MOST_CPU_MS = 1_000;
/** All cases of a fuzzer together may leave so much behind. */
const MOST_GROWTH = 400 * 1_024 * 1_024;

export interface Outcome {
  readonly cases: number;
  readonly seconds: number;
  readonly slowestMs: number;
  readonly growthMiB: number;
  /** What was found: the smallest case, and the seed. */
  readonly finding: string | undefined;
}

export interface RunOptions {
  readonly cases: number;
  readonly seed: number;
  /** Called now and then, with what would repeat what follows. */
  readonly onChunk?: (seed: number) => void;
}

/** Runs the corpus, and then so many generated cases. */
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
    if (user + system > MOST_CPU_MS * 1_000) throw new Error(`it took ${(user + system) / 1_000} ms`);
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
    if (memoryInUse() - before > MOST_GROWTH) return outcome("its memory grows without an end");
  }
  return outcome(undefined);
}

/** What is in use; without garbage where the process may collect it (`--expose-gc`). */
function memoryInUse(): number {
  globalThis.gc?.();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}
