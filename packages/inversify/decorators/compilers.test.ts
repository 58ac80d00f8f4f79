import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it, vi } from "vitest";

/** Each test starts a compiler and a program. The time limit only detects one that hangs. */
vi.setConfig({ testTimeout: 120_000 });

const HERE = fileURLToPath(new URL(".", import.meta.url));
const TSC = join(
  dirname(createRequire(import.meta.url).resolve("@typescript/native/package.json")),
  "bin/tsc",
);

/** Runs a program of this folder, from its source or from the output of TypeScript. */
function run(file: string, cwd: string): string {
  const { stdout, stderr } = spawnSync(
    process.execPath,
    ["--conditions=@waybill/source", "--import", "tsx", file],
    { cwd, encoding: "utf8" },
  );
  return `${stdout}${stderr}`;
}

function compiled(project: string, file: string): string {
  const out = mkdtempSync(join(HERE, "out-"));
  try {
    const options = ["--noEmit", "false", "--outDir", out, "--sourceMap", "false"];
    const { stdout } = spawnSync(process.execPath, [TSC, "-p", project, ...options], {
      cwd: HERE,
      encoding: "utf8",
    });
    expect(stdout).toBe("");
    return run(join(out, "packages/inversify/decorators", project, file), HERE);
  } finally {
    rmSync(out, { recursive: true });
  }
}

it("standard decorators work when TypeScript compiles them", () => {
  expect(compiled(".", "standard.js")).toBe('{"twice":42,"seen":[21]}\n');
});

it("standard decorators work when esbuild compiles them", () => {
  expect(run("standard.ts", HERE)).toBe('{"twice":42,"seen":[21]}\n');
});

it("legacy decorators and constructor injection by type work when TypeScript compiles them", () => {
  expect(compiled("legacy", "metadata.js")).toBe('{"twice":42}\n');
});
