import { explore } from "@waybill/testing";
import { profiled } from "../profile.ts";
import { threeHandlers } from "./app.ts";

/**
 * Measures the schedules per second of one core, with the default options. Aim: 2,000. It measures CPU time, because other work
 * may share the machine.
 */
const ROUNDS = 5;
const RUNS = 4_000;
const AIM = 2_000;

interface Round {
  readonly rate: number;
  readonly steps: number;
}

async function round(seed: number): Promise<Round> {
  const before = process.cpuUsage();
  const { runs, steps, failure } = await explore(threeHandlers, { seed, runs: RUNS });
  const { user, system } = process.cpuUsage(before);
  const seconds = (user + system) / 1e6;
  if (failure !== undefined)
    throw new Error(`The simulator found a failure in the correct application: ${failure.violation.what}`);
  return { rate: runs / seconds, steps: steps / runs };
}

await round(0);
const rounds: Round[] = [];
for (let seed = 1; seed <= ROUNDS; seed++) rounds.push(await round(seed));
const rates = rounds.map(({ rate }) => rate).toSorted((one, other) => one - other);
const median = rates[ROUNDS >> 1] ?? Number.NaN;
console.log(
  `schedules a second  ${median.toFixed(0)} (aim ${AIM}; ${rates.map((rate) => rate.toFixed(0)).join(", ")})`,
);
console.log(`steps a schedule    ${(rounds[0]?.steps ?? Number.NaN).toFixed(1)}`);

if (process.argv.includes("--profile")) {
  console.log("\nself time:");
  const shares = await profiled(async () => void (await round(ROUNDS + 1)));
  for (const { name, share } of shares.slice(0, 40))
    console.log(`${(share * 100).toFixed(1).padStart(5)} %  ${name}`);
}
