import { compareProcesses } from "./compare-processes.ts";
import { compare } from "./compare.ts";
import type { Contestant } from "./contestant.ts";
import { contestantOf, type Program } from "./program.ts";

/** Who is compared; ratios are to the first. */
export interface Contest {
  /** In one process, in turns. */
  readonly together: readonly Program[];
  /** Each from the start of a process. */
  readonly alone: readonly Program[];
}

export interface Sizes {
  readonly rounds: number;
  /** In a round of those together. */
  readonly messages: number;
  readonly requests: number;
  /** Of one alone. */
  readonly messagesAlone: number;
}

/** Compares programs over the broker that the environment names. */
export async function benchmark(
  broker: string,
  { together, alone }: Contest,
  { rounds, messages, requests, messagesAlone }: Sizes,
): Promise<void> {
  const variable = `WAYBILL_${broker.toUpperCase()}_URL`;
  const url = process.env[variable];
  if (url === undefined) throw new Error(`${variable} names no broker: npm run brokers -- up ${broker}`);
  const contestants: Contestant[] = [];
  for (const program of together)
    contestants.push(await contestantOf(program, url, `bench${program.suffix}`));
  await compare(contestants, { rounds, messages, requests });
  for (const contestant of contestants) await contestant.stop();
  await compareProcesses(url, alone, { rounds, messages: messagesAlone });
}
