import { readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { doors } from "../check-api/api.ts";
import { quantile, sourceSizes, tooLong, type Size } from "./sizes.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const all: Size[] = [];
const row = (name: string, sizes: readonly Size[]): string => {
  const lines = sizes.reduce((sum, size) => sum + size.lines, 0);
  return `${name.padEnd(14)} ${String(sizes.length).padStart(4)} files ${String(lines).padStart(6)} lines, median ${quantile(sizes, 0.5)}, p90 ${quantile(sizes, 0.9)}, longest ${sizes.at(-1)?.lines ?? 0}`;
};
for (const pack of readdirSync(join(root, "packages"))) {
  const sizes = sourceSizes(root, pack);
  all.push(...sizes);
  console.log(row(pack, sizes));
}
all.sort((a, b) => a.lines - b.lines);
console.log(row("all", all));
for (const { file, text } of doors(root))
  console.log(`door ${file.replace(".txt", "").padEnd(22)} ${text.trim().split("\n").length} names`);
const long = tooLong(all);
for (const { path, lines } of long)
  console.error(`${path}: ${lines} lines: split it, or write a reason into tools/sizes/sizes.ts`);
process.exitCode = long.length === 0 ? 0 : 1;
