import { expect, it } from "vitest";
import { ROOT } from "../shared/files.ts";
import { planted } from "../shared/planted.ts";
import { checkLayers } from "./check-layers.ts";

const CLEAN = {
  "packages/core/package.json":
    '{ "name": "@waybill/core", "exports": { ".": { "@waybill/source": "./src/index.ts" }, "./transport": { "@waybill/source": "./src/transport.ts" } } }',
  "packages/core/src/transport.ts": 'export { now } from "./environment/clock.ts";\n',
  "packages/core/src/index.ts": 'export { send } from "./bus/send.ts";\n',
  "packages/core/src/bus/send.ts":
    'import { now } from "../environment/clock.ts";\nexport const send = now;\n',
  "packages/core/src/environment/clock.ts": "export const now = 1;\n",
  "packages/memory/package.json": '{ "name": "@waybill/memory", "dependencies": { "@waybill/core": "0" } }',
  "packages/memory/src/index.ts": 'import "@waybill/core/transport";\nexport { t } from "./transport.ts";\n',
  "packages/memory/src/transport.ts": "export const t = 1;\n",
  "packages/memory/src/user.ts": 'import { t } from "./transport.ts";\nexport const u = t;\n',
  ...Object.fromEntries(
    ["connection", "publish", "consume", "lanes", "topology", "wire"].map((folder) => [
      `packages/memory/src/${folder}/a.ts`,
      "export const a = 1;\n",
    ]),
  ),
};

it("finds nothing wrong with packages that follow the plan", () => {
  expect(checkLayers(planted(CLEAN))).toEqual([]);
});

const PLANTED: readonly (readonly [string, Readonly<Record<string, string>>, string])[] = [
  [
    "an import from a higher layer",
    { "packages/core/src/environment/clock.ts": '\nimport "../bus/send.ts";\n' },
    "packages/core/src/environment/clock.ts:2 layer",
  ],
  [
    "an import of another folder of the same layer",
    {
      "packages/core/src/environment/a.ts": 'import "../runtime/b.ts";\n',
      "packages/core/src/runtime/b.ts": "export {};\n",
    },
    "packages/core/src/environment/a.ts:1 layer",
  ],
  [
    "a folder without a layer",
    { "packages/core/src/unplanned/a.ts": 'import "../environment/clock.ts";\n' },
    "packages/core/src/unplanned/a.ts:1 layer",
  ],
  [
    "a type-only import upwards",
    { "packages/core/src/message/a.ts": 'import type { send } from "../bus/send.ts";\n' },
    "packages/core/src/message/a.ts:1 layer",
  ],
  [
    "an import of its own entry point",
    { "packages/core/src/bus/a.ts": 'export { send } from "../index.ts";\n' },
    "packages/core/src/bus/a.ts:1 entry-point",
  ],
  [
    "an import of another entry point of its own",
    { "packages/core/src/bus/a.ts": 'import "../transport.ts";\n' },
    "packages/core/src/bus/a.ts:1 entry-point",
  ],
  [
    "an import of a barrel that is not an entry point",
    {
      "packages/memory/src/a.ts": 'import "./lanes/index.ts";\n',
      "packages/memory/src/lanes/index.ts": "export {};\n",
    },
    "packages/memory/src/a.ts:1 entry-point",
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
    { "packages/memory/src/a.test.ts": 'import "../../core/src/environment/clock.ts";\n' },
    "packages/memory/src/a.test.ts:1 own-package",
  ],
  [
    "a cycle of three files",
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
    "core importing another package",
    { "packages/core/src/bus/a.ts": 'import "@waybill/memory";\n' },
    "packages/core/src/bus/a.ts:1 package",
  ],
  [
    "an adapter importing the applications' entry point",
    { "packages/memory/src/a.ts": 'import "@waybill/core";\n' },
    "packages/memory/src/a.ts:1 package",
  ],
  [
    "an integration importing another",
    { "packages/inversify/src/a.ts": 'import "@waybill/memory";\n' },
    "packages/inversify/src/a.ts:1 package",
  ],
  [
    "an unknown package",
    { "packages/unknown/src/a.ts": 'import "@waybill/core";\n' },
    "packages/unknown/src/a.ts:1 package",
  ],
  [
    "a path into another package",
    { "packages/memory/src/a.ts": 'import "../../core/src/bus/send.ts";\n' },
    "packages/memory/src/a.ts:1 own-package",
  ],
  [
    "a cycle of two files",
    {
      "packages/core/src/bus/a.ts": 'import "./b.ts";\n',
      "packages/core/src/bus/b.ts": '\nimport "./a.ts";\n',
    },
    "packages/core/src/bus/b.ts:2 cycle",
  ],
  [
    "a second importer of a fenced library",
    { "packages/kafka/src/wire/a.ts": '\nimport "kafkajs/src/x.js";\n' },
    "packages/kafka/src/wire/a.ts:2 one-importer",
  ],
  [
    "a package of the plan that does not exist",
    { "tools/check-layers/layers.ts": "" },
    "tools/check-layers/layers.ts:1 plan",
  ],
  [
    "a shared part that one adapter uses",
    {
      "packages/core/src/transport-kit.ts": 'export { one, type Two } from "./transport-kit/one.ts";\n',
      "packages/memory/src/wire/b.ts": 'import { one } from "@waybill/core/transport-kit";\n',
    },
    "packages/core/src/transport-kit.ts:1 shared",
  ],
  [
    "a cycle of two packages, by a devDependency",
    {
      "packages/core/package.json":
        '{\n "name": "@waybill/core",\n "devDependencies": { "@waybill/memory": "0" } }',
    },
    "packages/memory/package.json:1 package-cycle",
  ],
];

it.each(PLANTED)("reports %s, with file and line", (_, files, expected) => {
  const seen = checkLayers(planted({ ...CLEAN, ...files })).map(
    ({ path, line, rule }) => `${path}:${line} ${rule}`,
  );
  expect(seen).toContain(expected);
});

it("applies neither layers nor entry points to tests", () => {
  const root = planted({
    ...CLEAN,
    "packages/core/src/bus/a.test.ts":
      'import "node:fs";\nimport "@waybill/memory";\nimport "../index.ts";\n',
    "packages/core/src/environment/clock.test.ts": 'import "../bus/send.ts";\n',
  });
  expect(checkLayers(root)).toEqual([]);
});

it("finds nothing wrong with this repository", () => {
  expect(checkLayers(ROOT)).toEqual([]);
});

it("reports an adapter with a folder of its own, or without one of the common folders", () => {
  const { "packages/memory/src/wire/a.ts": _, ...rest } = CLEAN as Record<string, string>;
  const found = checkLayers(planted({ ...rest, "packages/memory/src/extra/a.ts": "export const a = 1;\n" }));
  expect(found.map(({ path, rule, text }) => `${path} ${rule}: ${text.slice(0, 18)}`)).toEqual(
    [
      "packages/memory/src same-folders: has no folder wire",
      "packages/memory/src same-folders: has a folder extra",
    ].map((text) => text.slice(0, 52)),
  );
});

it("reports an adapter whose folders import each other too much", () => {
  const names = Array.from({ length: 7 }, (_, at) => `root-${at}.ts`);
  const files = Object.fromEntries(
    names.map((name, at) => [
      `packages/memory/src/${name}`,
      ["connection", "publish", "consume", "lanes", "topology", "wire"]
        .slice(0, at === 0 ? 6 : 5)
        .map((folder) => `import "./${folder}/a.ts";\n`)
        .join(""),
    ]),
  );
  expect(checkLayers(planted({ ...CLEAN, ...files }))).toMatchObject([
    { path: "packages/memory/src", rule: "arrows", text: expect.stringContaining("38 import arrows") },
  ]);
});
