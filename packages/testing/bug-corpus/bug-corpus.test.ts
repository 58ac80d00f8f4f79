import { afterAll, describe, expect, it } from "vitest";
import { runCorrectVersion, findBug, type Finding } from "./kit/check-case.ts";
import { tableOfFindings } from "./kit/table-of-findings.ts";
import { BUG_CORPUS } from "./cases/all-cases.ts";

/** `WAYBILL_BUG_CORPUS=full` runs the corpus with all seeds; by default a part of them runs. */
const isFull = process.env["WAYBILL_BUG_CORPUS"] === "full";
const SEEDS = isFull ? 20 : 3;
const MOST_MISSED = isFull ? 1 : 0;
const CORRECT_RUNS = isFull ? 10_000 : 150;
const WITHIN_SECONDS = 10;

const findings = new Map<string, readonly Finding[]>();
afterAll(() => process.stdout.write(`${tableOfFindings(findings)}\n`));

describe.each(BUG_CORPUS)("$name", (bugCase) => {
  it("is found within 10 seconds", { timeout: 300_000 }, async () => {
    const all: Finding[] = [];
    for (let seed = 1; seed <= SEEDS; seed++) all.push(await findBug(bugCase, seed));
    findings.set(bugCase.name, all);
    const missed = all.filter(({ isFound, seconds }) => !isFound || seconds > WITHIN_SECONDS);
    expect(missed.length, JSON.stringify(missed)).toBeLessThanOrEqual(MOST_MISSED);
  });

  it("is not reported for the correct application", { timeout: 300_000 }, async () => {
    const { failure, runs } = await runCorrectVersion(bugCase, { seed: 1, runs: CORRECT_RUNS });
    expect(failure?.story.join("\n") ?? "").toBe("");
    expect(failure?.violation).toBeUndefined();
    expect(runs).toBe(CORRECT_RUNS);
  });
});
