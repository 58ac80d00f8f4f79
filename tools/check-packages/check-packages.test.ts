import { join } from "node:path";
import { expect, it } from "vitest";
import { planted } from "../shared/planted.ts";
import { readPackages } from "../shared/packages.ts";
import { checkPackages } from "./check-packages.ts";
import { sizeFindings } from "./install-size.ts";
import { packed } from "./pack.ts";

const MANIFEST = {
  name: "@waybill/planted",
  version: "1.0.0",
  type: "module",
  description: "Planted.",
  license: "MIT",
  engines: { node: ">=20.19.0" },
  publishConfig: { access: "public", provenance: true },
  files: ["dist", "src"],
  exports: {
    ".": { "@waybill/source": "./src/index.ts", types: "./dist/index.d.ts", default: "./dist/index.js" },
  },
};
const SOUND = {
  "packages/planted/package.json": JSON.stringify(MANIFEST),
  "packages/planted/README.md": "# Planted\n\nnpm install @waybill/planted\n\n```ts\none;\n```\n",
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
  return checkPackages(root, {
    programs: [{ file: join(root, "program.ts") }],
    alongside: [],
    managers: ["npm"],
    nodes: [process.versions.node],
    unsound: {},
  }).map(({ text }) => text);
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
    const wrong = expect.stringContaining("Cannot find name 'Nothing'");
    expect(visit(wrongTypes)).toEqual([wrong, wrong]); // in the program, and by the entryPoint
  },
  SLOW,
);

it(
  "reports a manifest that says too little, and a page that leads nobody through the first five minutes",
  () => {
    const { license: _, publishConfig: __, ...manifest } = MANIFEST;
    const changes = {
      "packages/planted/README.md": "# Planted\n",
      "packages/planted/package.json": JSON.stringify(manifest),
    };
    expect(visit(changes)).toEqual([
      "has no licence",
      expect.stringContaining("is not published with provenance"),
      "says nowhere: npm install @waybill/planted",
      "shows no program",
    ]);
  },
  SLOW,
);

it(
  "reports what core and an adapter bring along, when it is more than promised",
  () => {
    const named = (folder: string, dependencies: object): Readonly<Record<string, string>> => ({
      ...Object.fromEntries(
        Object.entries(SOUND).map(([path, text]) => [
          path.replace("planted", folder),
          text.replaceAll("@waybill/planted", `@waybill/${folder}`),
        ]),
      ),
      [`packages/${folder}/package.json`]: JSON.stringify({
        ...MANIFEST,
        name: `@waybill/${folder}`,
        dependencies,
      }),
    });
    const root = planted({
      ...named("core", { zod: "4.6.7", uuid: "14.0.3", picocolors: "1.1.1" }),
      ...named("memory", { diff: "8.0.2" }),
      "packages/core/dist/large.js": `// ${"x".repeat(1_000_000)}`,
    });
    const [core, adapter] = readPackages(root).map((pack) => packed(root, pack, root));
    if (core === undefined || adapter === undefined) throw new Error("nothing was packed");
    expect(sizeFindings(core, adapter).map(({ text }) => text)).toEqual([
      expect.stringMatching(/^takes 1\d{6} bytes with core/),
      "brings picocolors, uuid, zod besides its client: 2 at most are promised",
    ]);
  },
  SLOW,
);
