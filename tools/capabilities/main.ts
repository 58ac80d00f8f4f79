import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { capabilityTable, runConformance, tally, withCapabilityTable } from "@waybill/conformance";
import { memoryHarness } from "../../packages/memory/conformance/harness.ts";

/** Runs the conformance suite and writes what it found into the README; with --check, only compares. */
const README = fileURLToPath(new URL("../../README.md", import.meta.url));

const report = await runConformance(memoryHarness);
const { failed } = tally(report);
const page = readFileSync(README, "utf8");
const wanted = withCapabilityTable(page, capabilityTable([report]));
const isCheck = process.argv.includes("--check");
if (wanted === undefined) console.error("README.md has no place for the capability table");
else if (!isCheck) writeFileSync(README, wanted);
const isStale = wanted === undefined || (isCheck && flat(wanted) !== flat(page));
if (isStale)
  console.error("README.md has another capability table than the conformance run: npm run capabilities");
console.log(`${report.verdicts.length} scenarios, ${failed} failed`);
process.exitCode = isStale || failed > 0 ? 1 : 0;

/** The formatter aligns tables: only the words count. */
function flat(text: string): string {
  return text.replaceAll(/ +/g, " ").replaceAll(/-{3,}/g, "---");
}
