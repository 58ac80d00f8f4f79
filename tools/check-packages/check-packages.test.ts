import { join } from "node:path";
import { expect, it } from "vitest";
import { planted } from "../shared/planted.ts";
import { checkPackages } from "./check-packages.ts";

const MANIFEST = {
  name: "@waybill/planted",
  version: "1.0.0",
  type: "module",
  files: ["dist", "src"],
  exports: {
    ".": { "@waybill/source": "./src/index.ts", types: "./dist/index.d.ts", default: "./dist/index.js" },
  },
};
const SOUND = {
  "packages/planted/package.json": JSON.stringify(MANIFEST),
  "packages/planted/README.md": "# Planted\n",
  "packages/planted/LICENSE": "MIT\n",
  "packages/planted/src/index.ts": "export const one: number = 1;\n",
  "packages/planted/dist/index.js": "export const one = 1;\n",
  "packages/planted/dist/index.d.ts": "export declare const one: number;\n",
  "program.ts":
    'import { one } from "@waybill/planted";\nconst two: number = one + 1;\nif (two !== 2) throw new Error("cannot count");\n',
};

/** The slow part is npm: seconds for each visit. */
const SLOW = 60_000;

function visit(changes: Readonly<Record<string, string>>): readonly string[] {
  const root = planted({ ...SOUND, ...changes });
  return checkPackages(root, { program: join(root, "program.ts"), alongside: [] }).map(({ text }) => text);
}

it("has nothing to say of a sound package", () => expect(visit({})).toEqual([]), SLOW);

it(
  "reports what is shipped and what cannot be loaded, compiled or run",
  () => {
    const found = visit({
      "packages/planted/src/index.test.ts": "export {};\n",
      "packages/planted/dist/index.js": "await 0;\nexport const one = 2;\n",
    });
    expect(found).toHaveLength(3);
    expect(found[0]).toBe("ships src/index.test.ts: exclude it in files");
    expect(found[1]).toContain("ERR_REQUIRE_ASYNC_MODULE");
    expect(found[2]).toContain("cannot count");

    const wrongTypes = { "packages/planted/dist/index.d.ts": "export declare const one: Nothing;\n" };
    expect(visit(wrongTypes)).toEqual([expect.stringContaining("Cannot find name 'Nothing'")]);
  },
  SLOW,
);
