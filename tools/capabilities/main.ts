import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  capabilityTable,
  runConformance,
  withCapabilityTable,
  type ConformanceReport,
} from "@waybill/conformance";
import { memoryHarness } from "../../packages/memory/conformance/harness.ts";
import { ROOT } from "../shared/files.ts";
import { approvedOf, changes, parsed, reportOf, type Approved } from "./approved.ts";
import { COLUMNS, type Column } from "./columns.ts";

/**
 * Approves the reports of the last conformance runs and writes their table into the pages; with --check, only
 * compares. A transport that did not run stays as approved; in CI all must have run.
 */
const isCheck = process.argv.includes("--check");
/** The pages that contain the table. */
const PAGES = ["README.md", "docs/explanation/capabilities.md"];
const problems: string[] = [];

const approved: Approved[] = [];
for (const column of COLUMNS) {
  const found = await foundFor(column);
  const file = join(ROOT, "capabilities", fileOf(column));
  const before = existsSync(file) ? parsed(readFileSync(file, "utf8")) : undefined;
  if (found === undefined) {
    const what = `${column.harness} was not run: npx vitest run ${column.run}`;
    if (before === undefined || process.env["CI"] !== undefined) problems.push(what);
    else console.log(what);
  } else if (!isCheck) {
    mkdirSync(join(ROOT, "capabilities"), { recursive: true });
    writeFileSync(file, JSON.stringify(found, undefined, 2));
  } else if (before === undefined)
    problems.push(`${column.harness} has no approved report: npm run capabilities`);
  else problems.push(...changes(before, found).map((change) => `${column.harness}: ${change}`));
  const shown = (isCheck ? before : found) ?? before;
  if (shown !== undefined) approved.push(shown);
}

const table = capabilityTable(approved.map(reportOf));
for (const name of PAGES) {
  const path = join(ROOT, name);
  const page = readFileSync(path, "utf8");
  const wanted = withCapabilityTable(page, table);
  if (wanted === undefined) problems.push(`${name} has no marks for the capability table`);
  else if (!isCheck) writeFileSync(path, wanted);
  else if (flat(wanted) !== flat(page))
    problems.push(
      `${name} has a capability table that differs from the approved reports: npm run capabilities`,
    );
}

for (const problem of problems) console.error(problem);
for (const { harness, outcomes } of approved)
  console.log(`${harness}: ${Object.keys(outcomes).length} scenarios`);
if (problems.length > 0) process.exitCode = 1;

async function foundFor(column: Column): Promise<Approved | undefined> {
  if (column.harness === memoryHarness.name) return approvedOf(await runConformance(memoryHarness));
  const file = join(ROOT, ".cache/conformance", fileOf(column));
  if (!existsSync(file)) return undefined;
  return approvedOf(JSON.parse(readFileSync(file, "utf8")) as ConformanceReport);
}

function fileOf({ harness }: Column): string {
  return `${harness.replaceAll(" ", "-")}.json`;
}

/** Compares only the words, because the formatter aligns tables. */
function flat(text: string): string {
  return text.replaceAll(/ +/g, " ").replaceAll(/-{3,}/g, "---");
}
