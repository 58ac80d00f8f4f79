import fc from "fast-check";
import { sequences, type Command } from "./commands.ts";
import { compare, type Difference } from "./search/compare.ts";
import type { ComparedBroker } from "./brokers.ts";
import { run } from "./run.ts";
import { realTarget, type RealBroker } from "./real-target.ts";

/** A sequence with an outcome on the broker that its profile does not allow. */
export interface Finding {
  readonly commands: readonly Command[];
  readonly differences: readonly Difference[];
}

export interface DifferentialOptions {
  readonly url: string;
  readonly seed: number;
  readonly runs: number;
  /** The index of the first sequence of this seed that runs. Default 0. */
  readonly from?: number;
  readonly onFinding?: (finding: Finding) => void;
}

/** Runs random sequences on a real broker and returns those whose outcome the profile does not allow. */
export async function differential(
  compared: ComparedBroker,
  options: DifferentialOptions,
): Promise<readonly Finding[]> {
  const { url, seed, runs, from = 0, onFinding = () => undefined } = options;
  const waiting = fc.sample(sequences, { seed, numRuns: from + runs }).slice(from);
  const done: { readonly commands: readonly Command[]; readonly real: ReadonlyMap<string, string> }[] = [];
  const worker = async (): Promise<void> => {
    for (let commands = waiting.pop(); commands !== undefined; commands = waiting.pop())
      done.push({ commands, real: await run(commands, realTarget(brokerAt(url, compared))) });
  };
  await Promise.all(Array.from({ length: compared.concurrency }, worker));
  // The model needs the whole processor: if it ran meanwhile, clients would miss their heartbeats.
  const findings: Finding[] = [];
  for (const { commands, real } of done) {
    const differences = await compare(commands, real, compared.profile);
    if (differences.length === 0) continue;
    const finding = { commands, differences };
    findings.push(finding);
    onFinding(finding);
  }
  return findings;
}

/** How many times a broker must repeat a difference before it counts. */
const TIMES = 2;

/** Returns whether the broker repeats a finding. A gate must not fail for a coincidence that happens once. */
export async function repeats(
  compared: ComparedBroker,
  url: string,
  { commands }: Finding,
): Promise<boolean> {
  for (let time = 0; time < TIMES; time++) {
    const real = await run(commands, realTarget(brokerAt(url, compared)));
    if ((await compare(commands, real, compared.profile)).length === 0) return false;
  }
  return true;
}

function brokerAt(url: string, { transport, network }: ComparedBroker): RealBroker {
  const { hostname, port } = new URL(url);
  return {
    address: { host: hostname, port: Number(port) },
    transport: (address) => {
      const own = new URL(url);
      own.hostname = address.host;
      own.port = String(address.port);
      return transport(own, address);
    },
    ...(network === undefined ? {} : { network }),
  };
}
