import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { planted } from "../shared/planted.ts";
import { entryPointTexts, namesPerEntryPoint } from "./approved.ts";
import { approve, differences } from "./check-api.ts";
import { listTexts } from "./lists.ts";

const SOURCES = {
  "packages/core/package.json": JSON.stringify({
    name: "@waybill/core",
    exports: { ".": { "@waybill/source": "./src/index.ts" }, "./package.json": "./package.json" },
  }),
  "packages/core/src/index.ts":
    'export { Bus as Vehicle, start, type Wheel } from "./bus.ts";\nexport type { Wheel as Tyre } from "./bus.ts";\nexport const here = 1;\n',
  "packages/core/src/bus.ts":
    'export { start } from "./start.ts";\n/** Rolls. */\nexport class Bus {\n  readonly #hidden: number = 1;\n  private readonly mine: string = "";\n  /** @internal */\n  inner(): void {}\n  /** Says how far. */\n  drive(km: number): string { return `${km}`; }\n}\n/** Round. */\nexport interface Wheel {\n  readonly size: number;\n}\n',
  "packages/core/src/start.ts": "export function start(at?: Date): void {\n  console.log(at);\n}\n",
};

const ENTRY_POINT = `type  Tyre
value Vehicle
type  Wheel
value here
value start

// Wheel as Tyre
interface Wheel {
    readonly size: number;
}

// Bus as Vehicle
class Bus {
    drive(km: number): string;
}

interface Wheel {
    readonly size: number;
}

const here = 1;

function start(at?: Date): void;
`;

it("writes the names of an entry point, then their declarations without comments, bodies and private members", () => {
  const root = planted(SOURCES);
  expect(entryPointTexts(root)).toEqual([{ file: "core.txt", text: ENTRY_POINT }]);
  expect(namesPerEntryPoint(root)).toEqual([
    { entryPoint: { specifier: "@waybill/core", file: "packages/core/src/index.ts" }, names: 5 },
  ]);
});

it("refuses export *, and names that no file exports", () => {
  const star = { ...SOURCES, "packages/core/src/index.ts": 'export * from "./bus.ts";\n' };
  expect(() => entryPointTexts(planted(star))).toThrow("packages/core/src/index.ts: export * hides");
  const gone = { ...SOURCES, "packages/core/src/index.ts": 'export { gone } from "./bus.ts";\n' };
  expect(() => entryPointTexts(planted(gone))).toThrow("packages/core/src/bus.ts does not export gone");
});

it("reports the first line that differs from an approved text, until it is approved", () => {
  const root = planted(SOURCES);
  expect(differences(root, entryPointTexts(root))).toMatchObject([{ path: "api/core.txt", line: 1 }]);
  approve(root, entryPointTexts(root));
  expect(differences(root, entryPointTexts(root))).toEqual([]);

  writeFileSync(join(root, "packages/core/src/start.ts"), "export function start(at: Date): void {}\n");
  expect(differences(root, entryPointTexts(root))).toEqual([
    {
      path: "api/core.txt",
      line: 23,
      text: 'the sources say "function start(at: Date): void;": if that is meant, run npm run api:update and commit the difference',
    },
  ]);

  rmSync(join(root, "packages/core"), { recursive: true });
  expect(differences(root, entryPointTexts(root))).toMatchObject([
    { path: "api/core.txt", text: expect.stringContaining("no entry point or list has this text") },
  ]);
});

it("lists error codes, header names and the steps of both pipelines", async () => {
  const texts = new Map((await listTexts()).map(({ file, text }) => [file, text]));
  expect(texts.get("error-codes.txt")).toContain("\nundecodable\n");
  expect(texts.get("headers.txt")).toContain("waybill-attempt\n");
  expect(texts.get("headers.txt")).toContain("correlationid (CloudEvents attribute)\n");
  expect(texts.get("pipeline.txt")).toMatch(
    /^outgoing\n {2}validate\n[^]*store\nincoming\n[^]* {2}handle\n$/,
  );
});
