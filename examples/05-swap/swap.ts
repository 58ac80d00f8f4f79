import { createHash } from "node:crypto";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Explanation } from "@waybill/core";
import { TRANSPORTS, isInstalled } from "../shared/transports.ts";
import { runOn, type Outcome } from "./run.ts";

/** `npm run swap`: runs one application, its demo and its tests on every transport, then prints a table of the differences. */
const HERE = fileURLToPath(new URL(".", import.meta.url));
const expected = readFileSync(join(HERE, "expected.txt"), "utf8");
const HEADINGS = [
  "transport",
  "demo",
  "tests",
  "equal keys by",
  "history",
  "for later",
  "sent again",
  "took",
];

const asked = process.argv.slice(2);
const names = TRANSPORTS.filter((name) => asked.length === 0 || asked.includes(name));
const rows: (readonly string[])[] = [];
for (const name of names) {
  if (!(await isInstalled(name))) {
    rows.push([name, "no adapter is installed"]);
    continue;
  }
  try {
    rows.push(rowOf(await runOn(name)));
  } catch (error) {
    process.exitCode = 1;
    rows.push([name, `FAILED: ${String(error)}`]);
  }
}
print([HEADINGS, ...rows]);
console.log(`\nThe same program on each, ${fingerprint()}; only WAYBILL_TRANSPORT differs.`);

function rowOf({ transport, output, passed, failed, seconds, explanation }: Outcome): readonly string[] {
  const isSame = output === expected;
  if (!isSame || failed > 0 || passed === 0) process.exitCode = 1;
  if (!isSame) console.error(`${transport} printed:\n${output}`);
  return [
    transport,
    isSame ? "same output" : "OTHER OUTPUT",
    `${passed} of ${passed + failed} pass`,
    ...factsOf(explanation),
    `${seconds.toFixed(1)} s`,
  ];
}

function factsOf({ capabilities }: Explanation): readonly string[] {
  if (capabilities === undefined) return [];
  const { order, history, deliverAt, dedup } = capabilities;
  return [
    `${order.unit} (${order.level})`,
    history.level,
    deliverAt.level,
    dedup.level === "none" ? "stored twice" : `once within ${dedup.windowMs / 1_000} s`,
  ];
}

function print(table: readonly (readonly string[])[]): void {
  const widths = HEADINGS.map((_, at) =>
    Math.max(...table.filter(({ length }) => length > 2).map((row) => row[at]?.length ?? 0)),
  );
  for (const row of table)
    console.log(
      row
        .map((cell, at) => cell.padEnd(widths[at] ?? 0))
        .join("  ")
        .trimEnd(),
    );
}

/** A hash of the application's files: it shows that the same program ran on each broker. */
function fingerprint(): string {
  const hash = createHash("sha256");
  for (const file of readdirSync(HERE).filter((name) => name.endsWith(".ts")))
    hash.update(readFileSync(join(HERE, file)));
  return `sha256 ${hash.digest("hex").slice(0, 12)}`;
}
