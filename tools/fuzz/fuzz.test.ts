import { afterAll, expect, it } from "vitest";
import { ALL } from "./all-fuzzers.ts";
import { fuzzer } from "./fuzzer.ts";
import { runFuzzer } from "./run-fuzzer.ts";
import fc from "fast-check";

const CASES = 2_000;
const SEED = Number(process.env["WAYBILL_SEED"] ?? Date.now() % 1_000_000);
const LIMIT_MS = 120_000;

afterAll(async () => {
  for (const { end } of ALL) await end?.();
});

it.each(ALL)(
  "$name: nothing is found in what was found before, and in some thousand cases",
  async (each) => {
    const { finding } = await runFuzzer(each, { cases: CASES, seed: SEED });
    expect(finding).toBeUndefined();
  },
  LIMIT_MS,
);

it("finds what there is to find, and says the smallest case", async () => {
  const broken = fuzzer<number>({
    name: "broken",
    corpus: [],
    cases: fc.nat(),
    run: (number) => {
      if (number >= 1_000) throw new Error("too many");
    },
  });
  const { finding } = await runFuzzer(broken, { cases: 100, seed: 1 });
  expect(finding).toMatch(/Counterexample: \[1000\]/);
});
