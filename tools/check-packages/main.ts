import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** Installs the packed packages as a stranger would and goes through every door: import, require, types. */
const ROOT = fileURLToPath(new URL("../..", import.meta.url));

interface Manifest {
  readonly name: string;
  readonly private?: boolean;
  readonly exports: Readonly<Record<string, unknown>>;
}

const packages = readdirSync(join(ROOT, "packages")).map((folder) => {
  const path = join(ROOT, "packages", folder);
  return { path, manifest: JSON.parse(readFileSync(join(path, "package.json"), "utf8")) as Manifest };
});
const doors = packages.flatMap(({ manifest: { name, exports } }) =>
  Object.keys(exports)
    .filter((door) => door !== "./package.json")
    .map((door) => name + door.slice(1)),
);

const folder = mkdtempSync(join(tmpdir(), "waybill-packed-"));
const run = (command: string, ...args: readonly string[]): string =>
  execFileSync(command, args, { cwd: folder, encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] });

try {
  writeFileSync(join(folder, "package.json"), '{ "name": "stranger", "private": true, "type": "module" }');
  for (const { path } of packages) run("npm", "pack", "--silent", "--pack-destination", folder, path);
  const tarballs = readdirSync(folder).filter((name) => name.endsWith(".tgz"));
  run(
    "npm",
    "install",
    "--silent",
    "--no-audit",
    "--no-fund",
    "--ignore-scripts",
    ...tarballs.map((name) => `./${name}`),
  );

  writeFileSync(
    join(folder, "import.mjs"),
    `${doors.map((door) => `if (Object.keys(await import("${door}")).length === 0) throw new Error("${door} is empty");`).join("\n")}\n`,
  );
  run(process.execPath, "import.mjs");
  const both = doors.map(
    (door) =>
      `const a = require("${door}"); import("${door}").then((b) => { for (const name of Object.keys(b)) if (name !== "default" && name !== "module.exports" && a[name] !== b[name]) throw new Error("two copies of ${door} " + name); });`,
  );
  writeFileSync(join(folder, "require.cjs"), `${both.map((text) => `{ ${text} }`).join("\n")}\n`);
  run(process.execPath, "require.cjs");

  const imports = doors.map(
    (door, at) =>
      `import * as door${at} from "${door}";\nexport const names${at}: readonly string[] = Object.keys(door${at});`,
  );
  writeFileSync(join(folder, "consumer.ts"), `${imports.join("\n")}\n`);
  const tsc = join(ROOT, "node_modules/@typescript/native/bin/tsc");
  const strict = [
    "--strict",
    "--exactOptionalPropertyTypes",
    "--noUncheckedIndexedAccess",
    "--skipLibCheck",
    "false",
  ];
  const types = ["--types", "node", "--typeRoots", join(ROOT, "node_modules/@types")];
  run(
    process.execPath,
    tsc,
    "--noEmit",
    "--module",
    "nodenext",
    "--target",
    "es2022",
    "--lib",
    "es2023",
    ...strict,
    ...types,
    "consumer.ts",
  );
  const unwanted = packages.flatMap(({ path, manifest: { name } }) => {
    const files = execFileSync("npm", ["pack", "--dry-run", "--json", "--silent"], {
      cwd: path,
      encoding: "utf8",
    });
    const [packed] = JSON.parse(files) as [{ files: readonly { path: string }[] }];
    return packed.files
      .filter((file) => /\.test(-d)?\./.test(file.path))
      .map((file) => `${name} ships ${file.path}`);
  });
  if (unwanted.length > 0) throw new Error(unwanted.join("\n"));
  console.log(
    `${packages.length} packages, ${doors.length} doors: import, require and types work on Node ${process.version}`,
  );
} finally {
  rmSync(folder, { recursive: true, force: true });
}
