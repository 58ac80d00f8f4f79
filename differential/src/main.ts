import { start } from "@waybill/brokers";
import { Command } from "commander";
import { BROKERS, type Compared } from "./brokers.ts";
import { differential, type Finding } from "./differential.ts";
import { textOf } from "./finding-text.ts";

/** Compares profiles with the brokers they stand for: `npm run differential -- --runs 1000 rabbitmq`. */
const program = new Command("differential")
  .argument("[brokers...]", "which; all of them when not given")
  .option("--runs <count>", "sequences for each broker", "1000")
  .option("--seed <number>", "where chance begins", "1")
  .option("--oldest", "the oldest version that is supported", false)
  .parse();
const { runs, seed, oldest } = program.opts<{ runs: string; seed: string; oldest: boolean }>();

/** After so many sequences a broker is started anew: what they leave behind makes it slow. */
const FRESH_AFTER = 100;

let differing = 0;
for (const compared of BROKERS.filter(
  ({ broker }) => program.args.length === 0 || program.args.includes(broker),
)) {
  const began = performance.now();
  let found = 0;
  for (let from = 0; from < Number(runs); from += FRESH_AFTER) {
    found += await onFreshBroker(compared, { from, runs: Math.min(FRESH_AFTER, Number(runs) - from) });
    const played = Math.min(from + FRESH_AFTER, Number(runs));
    process.stderr.write(`${compared.broker}: ${played} sequences, ${found} differ\n`);
  }
  const seconds = ((performance.now() - began) / 1_000).toFixed(0);
  console.log(
    `${compared.broker}: ${runs} sequences in ${seconds} s, ${found} that the profile ${compared.profile} does not allow`,
  );
  differing += found;
}
process.exit(differing === 0 ? 0 : 1); // a client that still reconnects keeps nobody waiting

async function onFreshBroker(
  compared: Compared,
  part: { readonly from: number; readonly runs: number },
): Promise<number> {
  const broker = await start(compared.broker, { isOldest: oldest });
  try {
    const onFinding = (finding: Finding): void => console.log(textOf(finding));
    return (await differential(compared, { url: broker.url, seed: Number(seed), ...part, onFinding })).length;
  } finally {
    await broker.end();
  }
}
