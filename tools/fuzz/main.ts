import { parseArgs } from "node:util";
import { ALL } from "./all-fuzzers.ts";
import { runFuzzer } from "./run-fuzzer.ts";
import { Watchdog } from "./watchdog.ts";

/**
 * `npm run fuzz -- [--cases N] [--only part-of-a-name] [--seed N]`: each fuzzer runs its corpus and N generated cases.
 */
const { values } = parseArgs({
  options: {
    cases: { type: "string", default: "1000000" },
    only: { type: "string", default: "" },
    seed: { type: "string", default: String(Date.now() % 1_000_000) },
  },
});

const numbers = { cases: Number(values.cases), seed: Number(values.seed) };
if (!Object.values(numbers).every((number) => Number.isSafeInteger(number) && number >= 0))
  throw new TypeError("--cases and --seed are whole numbers");

const chosen = ALL.filter(({ name }) => name.includes(values.only));
if (chosen.length === 0)
  throw new TypeError(
    `No fuzzer has "${values.only}" in its name. Known fuzzers: ${ALL.map(({ name }) => name).join("; ")}.`,
  );

const failures = await runAll();
console.log(failures === 0 ? "no fault was found" : `${failures} fuzzers found a fault`);
process.exit(failures === 0 ? 0 : 1);

async function runAll(): Promise<number> {
  let found = 0;
  for (const fuzzer of chosen) {
    const watchdog = new Watchdog(fuzzer.name);
    const watched = {
      ...fuzzer,
      run: (input: unknown) => {
        watchdog.beat();
        return fuzzer.run(input);
      },
    };
    const outcome = await runFuzzer(watched, { ...numbers, onChunk: (seed) => watchdog.seed(seed) });
    await fuzzer.end?.();
    await watchdog.end();
    const { cases, seconds, slowestMs, growthMiB, finding } = outcome;
    console.log(
      `${fuzzer.name}: ${cases} cases in ${seconds} s, the slowest took ${slowestMs} ms, memory grew by ${growthMiB} MiB`,
    );
    if (finding === undefined) continue;
    found += 1;
    console.log(finding);
  }
  return found;
}
