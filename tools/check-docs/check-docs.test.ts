import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { refreshIncludes, staleIncludes } from "./includes.ts";
import { pagesOf } from "./pages.ts";
import { anchorsOf, deadReferences } from "./paths.ts";
import { bannedWords } from "./words.ts";

let root: string;
beforeEach(() => void (root = mkdtempSync(join(tmpdir(), "docs-"))));
afterEach(() => rmSync(root, { recursive: true }));

function plant(path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}

const SOURCE =
  "const hidden = 1;\nfunction f() {\n  // #region shown\n  const a = 1;\n\n  const b = 2;\n  // #endregion shown\n}\n";
const page = (include: string, body: string) =>
  `# Page\n\n<!-- include: ${include} -->\n\n\`\`\`ts\n${body}\n\`\`\`\n`;

it("takes a region, dedented, or a whole file", () => {
  plant("examples/a.ts", SOURCE);
  plant("a.md", page("examples/a.ts#shown", "const a = 1;\n\nconst b = 2;"));
  plant("b.md", page("examples/a.ts", SOURCE.trimEnd()));
  expect(pagesOf(root)).toEqual(["a.md", "b.md"]);
  for (const name of pagesOf(root)) expect(staleIncludes(root, name)).toEqual([]);
});

it("names what is stale, missing or typed by hand, with its line; a refresh cures what is stale", () => {
  plant("examples/a.ts", SOURCE);
  plant("stale.md", page("examples/a.ts#shown", "old"));
  plant("missing.md", page("examples/a.ts#nowhere", "x"));
  plant("typed.md", "text\n\n```ts\nconst x = 1;\n```\n\n```sh\nls\n```\n\n```\nno language\n```\n");
  expect(staleIncludes(root, "stale.md")).toMatchObject([
    { line: 5, text: expect.stringContaining("docs:refresh") },
  ]);
  expect(staleIncludes(root, "missing.md")).toMatchObject([{ text: "examples/a.ts#nowhere does not exist" }]);
  expect(staleIncludes(root, "typed.md").map(({ line }) => line)).toEqual([3, 11]);
  refreshIncludes(root, "stale.md");
  expect(staleIncludes(root, "stale.md")).toEqual([]);
  expect(readFileSync(join(root, "stale.md"), "utf8")).toContain("const a = 1;\n\nconst b = 2;\n```");
});

it("names paths, links, anchors and scripts that do not exist", () => {
  plant("package.json", '{ "scripts": { "test": "x" } }');
  plant("docs/other.md", "# A Heading, really!\n");
  plant(
    "a.md",
    "`docs/other.md` `docs/gone.md` [ok](docs/other.md#a-heading-really) [no](docs/other.md#nope) [gone](gone.md)\n`npm run test` `npm run gone`\n",
  );
  expect(deadReferences(root, "a.md").map(({ text }) => text)).toEqual([
    "docs/gone.md does not exist",
    "docs/other.md has no heading #nope",
    "gone.md does not exist",
    "there is no npm script gone",
  ]);
  expect(anchorsOf("# `not-serializable`\n")).toEqual(new Set(["not-serializable"]));
});

it("names words that the glossary has a better one for", () => {
  plant("a.md", "fine\n\nThe marshaler writes.\n");
  plant("GLOSSARY.md", "not marshaler\n");
  expect(bannedWords(root, "a.md")).toMatchObject([{ line: 3, text: expect.stringContaining("codec") }]);
  expect(bannedWords(root, "GLOSSARY.md")).toEqual([]);
});
