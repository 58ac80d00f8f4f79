import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, it } from "vitest";
import { checkLayers } from "./check-layers.ts";

let root: string;
beforeEach(() => void (root = mkdtempSync(join(tmpdir(), "layers-"))));
afterEach(() => rmSync(root, { recursive: true }));

function plant(files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
}

const CLEAN = {
  "packages/core/package.json": '{ "name": "@waybill/core" }',
  "packages/core/src/index.ts": 'export { send } from "./bus/send.ts";\n',
  "packages/core/src/bus/send.ts": 'import { now } from "../ground/clock.ts";\nexport const send = now;\n',
  "packages/core/src/ground/clock.ts": "export const now = 1;\n",
  "packages/memory/package.json": '{ "name": "@waybill/memory", "dependencies": { "@waybill/core": "0" } }',
  "packages/memory/src/index.ts": 'import "@waybill/core/transport";\nexport { t } from "./transport.ts";\n',
  "packages/memory/src/transport.ts": "export const t = 1;\n",
  "packages/memory/src/user.ts": 'import { t } from "./transport.ts";\nexport const u = t;\n',
};

it("finds nothing wrong with a house that stands as planned", () => {
  plant(CLEAN);
  expect(checkLayers(root)).toEqual([]);
});

const PLANTED: readonly (readonly [string, Readonly<Record<string, string>>, string])[] = [
  [
    "an import from a higher floor",
    { "packages/core/src/ground/clock.ts": '\nimport "../bus/send.ts";\n' },
    "packages/core/src/ground/clock.ts:2 floor",
  ],
  [
    "an import of a room on the same floor",
    {
      "packages/core/src/ground/a.ts": 'import "../runtime/b.ts";\n',
      "packages/core/src/runtime/b.ts": "export {};\n",
    },
    "packages/core/src/ground/a.ts:1 floor",
  ],
  [
    "a room without a floor",
    { "packages/core/src/attic/a.ts": 'import "../ground/clock.ts";\n' },
    "packages/core/src/attic/a.ts:1 floor",
  ],
  [
    "a type-only import upwards",
    { "packages/core/src/message/a.ts": 'import type { send } from "../bus/send.ts";\n' },
    "packages/core/src/message/a.ts:1 floor",
  ],
  [
    "an import of the own door",
    { "packages/core/src/bus/a.ts": 'export { send } from "../index.ts";\n' },
    "packages/core/src/bus/a.ts:1 door",
  ],
  [
    "node: outside runtime",
    { "packages/core/src/bus/a.ts": '// x\n\nimport "node:fs";\n' },
    "packages/core/src/bus/a.ts:3 node",
  ],
  [
    "a dynamic import of node:",
    { "packages/core/src/bus/a.ts": 'export const a = () => import("node:fs");\n' },
    "packages/core/src/bus/a.ts:1 node",
  ],
  [
    "core knowing somebody",
    { "packages/core/src/bus/a.ts": 'import "@waybill/memory";\n' },
    "packages/core/src/bus/a.ts:1 package",
  ],
  [
    "an adapter at the applications' door",
    { "packages/memory/src/a.ts": 'import "@waybill/core";\n' },
    "packages/memory/src/a.ts:1 package",
  ],
  [
    "an integration knowing another",
    { "packages/inversify/src/a.ts": 'import "@waybill/memory";\n' },
    "packages/inversify/src/a.ts:1 package",
  ],
  [
    "a package nobody knows",
    { "packages/shed/src/a.ts": 'import "@waybill/core";\n' },
    "packages/shed/src/a.ts:1 package",
  ],
  [
    "a path into another package",
    { "packages/memory/src/a.ts": 'import "../../core/src/bus/send.ts";\n' },
    "packages/memory/src/a.ts:1 own-package",
  ],
  [
    "two files in a ring",
    {
      "packages/core/src/bus/a.ts": 'import "./b.ts";\n',
      "packages/core/src/bus/b.ts": '\nimport "./a.ts";\n',
    },
    "packages/core/src/bus/b.ts:2 cycle",
  ],
  [
    "two packages in a ring, by a devDependency",
    {
      "packages/core/package.json":
        '{\n "name": "@waybill/core",\n "devDependencies": { "@waybill/memory": "0" } }',
    },
    "packages/memory/package.json:1 package-ring",
  ],
];

it.each(PLANTED)("reports %s, with file and line", (_, files, expected) => {
  plant({ ...CLEAN, ...files });
  const seen = checkLayers(root).map(({ path, line, rule }) => `${path}:${line} ${rule}`);
  expect(seen).toContain(expected);
});

it("binds no test to the doors", () => {
  plant({
    ...CLEAN,
    "packages/core/src/bus/a.test.ts":
      'import "node:fs";\nimport "@waybill/memory";\nimport "../index.ts";\n',
  });
  expect(checkLayers(root)).toEqual([]);
});

it("finds nothing wrong with this house", () => {
  expect(checkLayers(fileURLToPath(new URL("../..", import.meta.url)))).toEqual([]);
});
