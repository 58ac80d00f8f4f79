import { start } from "@waybill/brokers";
import { Command } from "commander";
import { BROKERS } from "./brokers.ts";
import { describe } from "./commands.ts";
import { differential, type Finding } from "./differential.ts";

/** Compares profiles with the brokers they stand for: `npm run differential -- --runs 1000 rabbitmq`. */
const program = new Command("differential")
  .argument("[brokers...]", "which; all of them when not given")
  .option("--runs <count>", "sequences for each broker", "1000")
  .option("--seed <number>", "where chance begins", "1")
  .option("--oldest", "the oldest version that is supported", false)
  .parse();
const { runs, seed, oldest } = program.opts<{ runs: string; seed: string; oldest: boolean }>();

let differing = 0;
for (const compared of BROKERS.filter(
  ({ broker }) => program.args.length === 0 || program.args.includes(broker),
)) {
  const broker = await start(compared.broker, { isOldest: oldest });
  const began = performance.now();
  try {
    const onProgress = (done: number, findings: number): void => {
      if (done % 50 === 0)
        process.stderr.write(`${compared.broker}: ${done} sequences, ${findings} differ\n`);
    };
    const findings = await differential(compared, {
      url: broker.url,
      seed: Number(seed),
      runs: Number(runs),
      onProgress,
    });
    for (const finding of findings.slice(0, 25)) console.log(text(finding));
    const seconds = ((performance.now() - began) / 1_000).toFixed(0);
    console.log(
      `${compared.broker}: ${runs} sequences in ${seconds} s, ${findings.length} that the profile ${compared.profile} does not allow`,
    );
    differing += findings.length;
  } finally {
    await broker.end();
  }
}
process.exit(differing === 0 ? 0 : 1); // a client that still reconnects keeps nobody waiting

function text({ commands, differences }: Finding): string {
  return [
    "",
    ...commands.map((command, at) => `${String(at).padStart(3)}  ${describe(command)}`),
    ...differences.map(
      ({ line, real, allowed }) =>
        `     ${line}: "${real}", but the profile has only ${allowed
          .slice(0, 8)
          .map((each) => `"${each}"`)
          .join(", ")}`,
    ),
  ].join("\n");
}
