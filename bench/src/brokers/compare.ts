import { median } from "./median.ts";
import type { Contestant } from "./contestant.ts";

export interface Effort {
  readonly rounds: number;
  readonly messages: number;
  readonly requests: number;
}

interface Round {
  readonly perSecond: number;
  readonly cpuMicroseconds: number;
}

/** One kind of work of a contestant in each round. */
interface Work {
  readonly name: string;
  readonly count: (effort: Effort) => number;
  readonly run: (contestant: Contestant, count: number) => Promise<void>;
}

const WORKS: readonly Work[] = [
  {
    name: "publish -> handled",
    count: ({ messages }) => messages,
    run: (one, count) => one.throughput(count),
  },
  {
    name: "request, 1 at a time",
    count: ({ requests }) => Math.ceil(requests / 4),
    run: (one, count) => one.requests(count, 1),
  },
  {
    name: "request, 64 at a time",
    count: ({ requests }) => requests,
    run: (one, count) => one.requests(count, 64),
  },
];

/**
 * Runs all contestants in turn, round after round, so that other load on the machine affects all equally. Prints medians of
 * ratios to each earlier contestant.
 */
export async function compare(contestants: readonly Contestant[], effort: Effort): Promise<void> {
  for (const work of WORKS) {
    const count = work.count(effort);
    for (const contestant of contestants) await work.run(contestant, count); // warm-up
    const rounds = new Map<string, Round[]>(contestants.map(({ name }) => [name, []]));
    for (let round = 0; round < effort.rounds; round++)
      for (const contestant of contestants)
        rounds.get(contestant.name)?.push(await measured(count, () => work.run(contestant, count)));
    print(work.name, rounds);
  }
}

async function measured(count: number, run: () => Promise<void>): Promise<Round> {
  // Each contestant starts without the garbage of the previous one. A full collection would also discard optimized code.
  globalThis.gc?.({ type: "minor" });
  const cpu = process.cpuUsage();
  const start = process.hrtime.bigint();
  await run();
  const seconds = Number(process.hrtime.bigint() - start) / 1e9;
  const { user, system } = process.cpuUsage(cpu);
  return { perSecond: count / seconds, cpuMicroseconds: (user + system) / count };
}

function print(work: string, rounds: ReadonlyMap<string, readonly Round[]>): void {
  console.log(`\n${work}`);
  const before: (readonly Round[])[] = [];
  for (const [name, own] of rounds) {
    const rate = median(own.map(({ perSecond }) => perSecond));
    const cpu = median(own.map(({ cpuMicroseconds }) => cpuMicroseconds));
    const ratios = (measure: keyof Round): string =>
      before
        .map((other) => median(own.map((round, at) => round[measure] / (other[at]?.[measure] ?? Number.NaN))))
        .map((ratio) => ratio.toFixed(2).padStart(6))
        .join("");
    console.log(
      `  ${name.padEnd(24)} ${rate.toFixed(0).padStart(7)}/s ${ratios("perSecond").padEnd(14)}` +
        `CPU ${cpu.toFixed(1).padStart(6)} us ${ratios("cpuMicroseconds")}`,
    );
    before.push(own);
  }
}
