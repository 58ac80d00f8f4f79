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
  "$name: the corpus and some thousand cases find no fault",
  async (each) => {
    const { finding } = await runFuzzer(each, { cases: CASES, seed: SEED });
    expect(finding).toBeUndefined();
  },
  LIMIT_MS,
);

it("finds a planted fault and prints the smallest case", async () => {
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
