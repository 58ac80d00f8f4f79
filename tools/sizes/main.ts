import { namesPerEntryPoint } from "../check-api/approved.ts";
import { ROOT } from "../shared/files.ts";
import { report } from "../shared/finding.ts";
import { readPackages } from "../shared/packages.ts";
import { contractTooLong, idleReasons, tooLong, tooManyFiles, tooWide } from "./limits.ts";
import { sourceSizes, summary, type Size } from "./sizes.ts";

const folders = [
  ...readPackages(ROOT).map(({ folder }) => `packages/${folder}/src`),
  "packages/testing/bug-corpus",
  "examples",
  "bench",
  "proof",
  "differential",
  "docs",
  "tools",
];
const sizes = folders.flatMap((folder) => sourceSizes(ROOT, folder));

console.log("folder                     files   lines  median   p90  longest");
for (const folder of folders)
  row(
    folder,
    sizes.filter(({ path }) => path.startsWith(`${folder}/`)),
  );
row("all", sizes);

const entryPoints = namesPerEntryPoint(ROOT).map(({ entryPoint, names }) => ({ ...entryPoint, names }));
console.log("\nexported names of each entry point");
for (const { specifier, names } of entryPoints)
  console.log(`${specifier.padEnd(26)} ${String(names).padStart(5)}`);

report(
  [
    ...tooLong(sizes),
    ...tooManyFiles(sizes),
    ...idleReasons(sizes),
    ...tooWide(entryPoints),
    ...contractTooLong(sizes),
  ],
  "\nsizes are within the limits",
);

function row(name: string, of: readonly Size[]): void {
  const { files, lines, median, p90, longest } = summary(of);
  const numbers = [String(files).padStart(5), String(lines).padStart(7), String(median).padStart(7)];
  const end = `${String(p90).padStart(5)}  ${longest?.lines ?? 0} ${longest?.path ?? ""}`;
  console.log(`${name.padEnd(26)} ${numbers.join(" ")} ${end}`);
}
