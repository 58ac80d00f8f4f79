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
const VALID = {
  "packages/planted/package.json": JSON.stringify(MANIFEST),
  "packages/planted/README.md": "# Planted\n\nnpm install @waybill/planted\n\n```ts\none;\n```\n",
  "packages/planted/LICENSE": "MIT\n",
  "packages/planted/src/index.ts": "export const one: number = 1;\n",
  "packages/planted/dist/index.js": "export const one = 1;\n",
  "packages/planted/dist/index.d.ts": "export declare const one: number;\n",
  "program.ts":
    'import { one } from "@waybill/planted";\nconst two: number = one + 1;\nif (two !== 2) throw new Error("cannot count");\n',
};

/** npm takes seconds for each installation. */
const SLOW = 60_000;

function check(changes: Readonly<Record<string, string>>): readonly string[] {
  const root = planted({ ...VALID, ...changes });
  return checkPackages(root, {
    programs: [{ file: join(root, "program.ts") }],
    links: [],
    managers: ["npm"],
    nodes: [process.versions.node],
    unsound: {},
  }).map(({ text }) => text);
}

it("reports nothing about a valid package", () => expect(check({})).toEqual([]), SLOW);

it(
  "reports unwanted files, and packages that cannot be loaded, compiled or run",
  () => {
    const found = check({
      "packages/planted/src/index.test.ts": "export {};\n",
      "packages/planted/dist/index.js": "await 0;\nexport const one = 2;\n",
    });
    expect(found).toHaveLength(3);
    expect(found[0]).toBe("ships src/index.test.ts: exclude it in files");
    expect(found[1]).toContain("ERR_REQUIRE_ASYNC_MODULE");
    expect(found[2]).toContain("cannot count");

    const wrongTypes = { "packages/planted/dist/index.d.ts": "export declare const one: Nothing;\n" };
    const failure = expect.stringContaining("Cannot find name 'Nothing'");
    expect(check(wrongTypes)).toEqual([failure, failure]); // One for the program, one for the program that imports all entry points.
  },
  SLOW,
);

it(
  "reports an incomplete manifest, and a README without installation or program",
  () => {
    const { license: _, publishConfig: __, ...manifest } = MANIFEST;
    const changes = {
      "packages/planted/README.md": "# Planted\n",
      "packages/planted/package.json": JSON.stringify(manifest),
    };
    expect(check(changes)).toEqual([
      "has no licence",
      expect.stringContaining("must be published with provenance"),
      "does not contain: npm install @waybill/planted",
      "contains no program",
    ]);
  },
  SLOW,
);

it(
  "reports the size and the dependencies of core and an adapter above the limits",
  () => {
    const named = (folder: string, dependencies: object): Readonly<Record<string, string>> => ({
      ...Object.fromEntries(
        Object.entries(VALID).map(([path, text]) => [
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
    if (core === undefined || adapter === undefined) throw new Error("no package was packed");
    expect(sizeFindings(core, adapter).map(({ text }) => text)).toEqual([
      expect.stringMatching(/^needs 1\d{6} bytes with core/),
      "installs picocolors, uuid, zod besides its client; at most 2 others are allowed",
    ]);
  },
  SLOW,
);
