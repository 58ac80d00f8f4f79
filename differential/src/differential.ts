import fc from "fast-check";
import { sequences, type Command } from "./commands.ts";
import { compare, type Difference } from "./compare.ts";
import type { Compared } from "./brokers.ts";
import { play } from "./play.ts";
import { realPlace, type RealBroker } from "./real-place.ts";

/** A sequence that a broker and its profile answer differently. */
export interface Finding {
  readonly commands: readonly Command[];
  readonly differences: readonly Difference[];
}

export interface DifferentialOptions {
  readonly url: string;
  readonly seed: number;
  readonly runs: number;
  /** Of the sequences of this seed those before are left out. Default 0. */
  readonly from?: number;
  readonly onFinding?: (finding: Finding) => void;
}

/** Plays random sequences on a real broker, and asks of each whether the profile allows what was seen. */
export async function differential(
  compared: Compared,
  options: DifferentialOptions,
): Promise<readonly Finding[]> {
  const { url, seed, runs, from = 0, onFinding = () => undefined } = options;
  const waiting = fc.sample(sequences, { seed, numRuns: from + runs }).slice(from);
  const played: { readonly commands: readonly Command[]; readonly real: ReadonlyMap<string, string> }[] = [];
  const worker = async (): Promise<void> => {
    for (let commands = waiting.pop(); commands !== undefined; commands = waiting.pop())
      played.push({ commands, real: await play(commands, realPlace(brokerAt(url, compared))) });
  };
  await Promise.all(Array.from({ length: compared.atOnce }, worker));
  // Only now: the model takes the whole processor, and who is kept waiting is not heard by its broker.
  const findings: Finding[] = [];
  for (const { commands, real } of played) {
    const differences = await compare(commands, real, compared.profile);
    if (differences.length === 0) continue;
    const finding = { commands, differences };
    findings.push(finding);
    onFinding(finding);
  }
  return findings;
}

/** How often a broker must do again what its profile does not allow. */
const TIMES = 2;

/** Whether a broker does it again: what it did once by chance is for a long run to study, not for a gate to judge. */
export async function repeats(compared: Compared, url: string, { commands }: Finding): Promise<boolean> {
  for (let time = 0; time < TIMES; time++) {
    const real = await play(commands, realPlace(brokerAt(url, compared)));
    if ((await compare(commands, real, compared.profile)).length === 0) return false;
  }
  return true;
}

function brokerAt(url: string, { transport, network }: Compared): RealBroker {
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
