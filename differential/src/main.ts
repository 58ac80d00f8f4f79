import { start } from "@waybill/brokers";
import { Command } from "commander";
import { BROKERS, type ComparedBroker } from "./brokers.ts";
import { differential, type Finding } from "./differential.ts";
import { findingText } from "./finding-text.ts";

/** Compares profiles with their brokers: `npm run differential -- --runs 1000 rabbitmq`. */
const program = new Command("differential")
  .argument("[brokers...]", "the brokers to compare; default: all")
  .option("--runs <count>", "how many sequences to run on each broker", "1000")
  .option("--seed <number>", "the seed of the random sequences", "1")
  .option("--oldest", "use the oldest supported version of each broker", false)
  .parse();
const { runs, seed, oldest } = program.opts<{ runs: string; seed: string; oldest: boolean }>();

/** After this many sequences a fresh broker starts: the queues of earlier runs slow a broker down. */
const SEQUENCES_PER_BROKER = 100;

let differing = 0;
for (const compared of BROKERS.filter(
  ({ broker }) => program.args.length === 0 || program.args.includes(broker),
)) {
  const began = performance.now();
  let found = 0;
  for (let from = 0; from < Number(runs); from += SEQUENCES_PER_BROKER) {
    found += await onFreshBroker(compared, {
      from,
      runs: Math.min(SEQUENCES_PER_BROKER, Number(runs) - from),
    });
    const done = Math.min(from + SEQUENCES_PER_BROKER, Number(runs));
    process.stderr.write(`${compared.broker}: ${done} sequences, ${found} differ\n`);
  }
  const seconds = ((performance.now() - began) / 1_000).toFixed(0);
  console.log(
    `${compared.broker}: ${runs} sequences in ${seconds} s, ${found} with an outcome that the profile ${compared.profile} does not allow`,
  );
  differing += found;
}
process.exit(differing === 0 ? 0 : 1); // Exits even if a client is still reconnecting.

async function onFreshBroker(
  compared: ComparedBroker,
  part: { readonly from: number; readonly runs: number },
): Promise<number> {
  const broker = await start(compared.broker, { isOldest: oldest });
  try {
    const onFinding = (finding: Finding): void => console.log(findingText(finding));
    return (await differential(compared, { url: broker.url, seed: Number(seed), ...part, onFinding })).length;
  } finally {
    await broker.end();
  }
}
