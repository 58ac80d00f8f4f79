import { compareProcesses } from "./compare-processes.ts";
import { compare } from "./compare.ts";
import type { Contestant } from "./contestant.ts";
import { contestantOf, type Program } from "./program.ts";

/** The compared programs; the ratios are to the first of each list. */
export interface Contest {
  /** Programs that take turns in one process. */
  readonly together: readonly Program[];
  /** Programs that each run in a process of their own, from its start. */
  readonly alone: readonly Program[];
}

export interface Sizes {
  readonly rounds: number;
  /** The number of messages of a round, for programs that share a process. */
  readonly messages: number;
  readonly requests: number;
  /** The number of messages of each program that runs alone. */
  readonly messagesAlone: number;
}

/** Compares programs over the broker whose URL is in the environment variable `WAYBILL_<BROKER>_URL`. */
export async function benchmark(
  broker: string,
  { together, alone }: Contest,
  { rounds, messages, requests, messagesAlone }: Sizes,
): Promise<void> {
  const variable = `WAYBILL_${broker.toUpperCase()}_URL`;
  const url = process.env[variable];
  if (url === undefined)
    throw new Error(`${variable} is not set. Start a broker: npm run brokers -- up ${broker}`);
  const contestants: Contestant[] = [];
  for (const program of together)
    contestants.push(await contestantOf(program, url, `bench${program.suffix}`));
  await compare(contestants, { rounds, messages, requests });
  for (const contestant of contestants) await contestant.stop();
  await compareProcesses(url, alone, { rounds, messages: messagesAlone });
}
