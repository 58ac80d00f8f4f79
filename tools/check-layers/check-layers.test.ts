import { expect, it } from "vitest";
import { ROOT } from "../shared/files.ts";
import { planted } from "../shared/planted.ts";
import { checkLayers } from "./check-layers.ts";

const CLEAN = {
  "packages/core/package.json":
    '{ "name": "@waybill/core", "exports": { ".": { "@waybill/source": "./src/index.ts" }, "./transport": { "@waybill/source": "./src/transport.ts" } } }',
  "packages/core/src/transport.ts": 'export { now } from "./ground/clock.ts";\n',
  "packages/core/src/index.ts": 'export { send } from "./bus/send.ts";\n',
  "packages/core/src/bus/send.ts": 'import { now } from "../ground/clock.ts";\nexport const send = now;\n',
  "packages/core/src/ground/clock.ts": "export const now = 1;\n",
  "packages/memory/package.json": '{ "name": "@waybill/memory", "dependencies": { "@waybill/core": "0" } }',
  "packages/memory/src/index.ts": 'import "@waybill/core/transport";\nexport { t } from "./transport.ts";\n',
  "packages/memory/src/transport.ts": "export const t = 1;\n",
  "packages/memory/src/user.ts": 'import { t } from "./transport.ts";\nexport const u = t;\n',
};

it("finds nothing wrong with a house that stands as planned", () => {
  expect(checkLayers(planted(CLEAN))).toEqual([]);
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
    "an import of another own door",
    { "packages/core/src/bus/a.ts": 'import "../transport.ts";\n' },
    "packages/core/src/bus/a.ts:1 door",
  ],
  [
    "an import of a barrel that is no door",
    {
      "packages/memory/src/a.ts": 'import "./lanes/index.ts";\n',
      "packages/memory/src/lanes/index.ts": "export {};\n",
    },
    "packages/memory/src/a.ts:1 door",
  ],
  [
    "an export of everything",
    { "packages/memory/src/a.ts": '\nexport * from "./transport.ts";\n' },
    "packages/memory/src/a.ts:2 star",
  ],
  [
    "an export of everything under a name",
    { "packages/memory/src/a.ts": 'export * as all from "./transport.ts";\n' },
    "packages/memory/src/a.ts:1 star",
  ],
  [
    "a test that reaches into another package",
    { "packages/memory/src/a.test.ts": 'import "../../core/src/ground/clock.ts";\n' },
    "packages/memory/src/a.test.ts:1 own-package",
  ],
  [
    "three files in a ring",
    {
      "packages/core/src/bus/a.ts": 'import "./b.ts";\n',
      "packages/core/src/bus/b.ts": 'import type {} from "./c.ts";\n',
      "packages/core/src/bus/c.ts": '\n\nexport const c = () => import("./a.ts");\n',
    },
    "packages/core/src/bus/c.ts:3 cycle",
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
  const seen = checkLayers(planted({ ...CLEAN, ...files })).map(
    ({ path, line, rule }) => `${path}:${line} ${rule}`,
  );
  expect(seen).toContain(expected);
});

it("binds no test to floors and doors", () => {
  const root = planted({
    ...CLEAN,
    "packages/core/src/bus/a.test.ts":
      'import "node:fs";\nimport "@waybill/memory";\nimport "../index.ts";\n',
    "packages/core/src/ground/clock.test.ts": 'import "../bus/send.ts";\n',
  });
  expect(checkLayers(root)).toEqual([]);
});

it("finds nothing wrong with this house", () => {
  expect(checkLayers(ROOT)).toEqual([]);
});
