import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { ROOT } from "../shared/files.ts";
import type { Finding } from "../shared/finding.ts";
import { planted } from "../shared/planted.ts";
import { checkDocs, EXPECTED } from "./check-docs.ts";
import { wordsIn } from "./words/check-words.ts";
import { readSources } from "./words/prose.ts";
import { refreshed } from "./includes.ts";
import { readPage, readPages } from "./page.ts";

const PAGES = {
  ...Object.fromEntries(EXPECTED.map((path) => [path, "# A page\n"])),
  "ARCHITECTURE.md": "# Map\n\n`packages/core`, `packages/core/src/bus/plan`, `examples`\n",
  "package.json": '{ "name": "root", "scripts": { "test": "x" } }',
  "packages/core/package.json": '{ "name": "@waybill/core", "exports": { "./transport": {} } }',
  "packages/core/src/bus/plan/plan.ts": "export const plan = 1;\n",
  "docs/other.md": "# Other\n\n## The `odd` heading, twice!\n\n## The odd heading twice\n",
  "docs/pieces.md": "# Pieces\n\n<!-- #region piece -->\n\nWords.\n\n<!-- #endregion piece -->\n",
  "examples/a.ts":
    "const hidden = 1;\nfunction f() {\n  // #region shown\n  const a = 1;\n\n  if (a) {\n    // #region inner\n    f();\n    // #endregion inner\n  }\n  // #endregion shown\n}\n",
};
const SHOWN = "const a = 1;\n\nif (a) {\n  f();\n}";

function said(page: string): readonly string[] {
  return checkDocs(planted({ ...PAGES, "docs/page.md": page })).map(
    ({ path, line, text }) => `${path}:${line}: ${text}`,
  );
}

function including(include: string, body: string): string {
  return `# Page\n\n<!-- include: ${include} -->\n\n\`\`\`ts\n${body}\n\`\`\`\n`;
}

describe("the index", () => {
  it("links every page, or names the one that it does not", () => {
    const index = "# Index\n\n[Other](other.md), [pieces](pieces.md)\n";
    const found = checkDocs(planted({ ...PAGES, "docs/index.md": index, "docs/how-to/lost.md": "# Lost\n" }));
    expect(found.map(({ path, text }) => `${path}: ${text}`)).toEqual([
      "docs/index.md: docs/how-to/lost.md is not linked",
    ]);
  });
});

describe("code in pages", () => {
  it.each([
    ["a region, dedented, without the markers of others", including("examples/a.ts#shown", SHOWN)],
    ["a region inside a region", including("examples/a.ts#inner", "f();")],
    ["a whole file", including("packages/core/src/bus/plan/plan.ts", "export const plan = 1;")],
    [
      "a comment directly above",
      "<!-- include: examples/a.ts#inner -->\n```ts\nf();\n```\n\n- in a list\n\n  ```sh\n  ls\n  ```\n",
    ],
    [
      "a piece of Markdown",
      "<!-- include: docs/other.md -->\n\n# Other\n\n## The `odd` heading, twice!\n\n## The odd heading twice\n\n<!-- /include -->\n",
    ],
    [
      "a region of a page, without the blank lines at its ends",
      "<!-- include: docs/pieces.md#piece -->\n\nWords.\n\n<!-- /include -->\n",
    ],
    ["fences that no compiler reads", "```text\na\n```\n\n```sh\nls\n```\n\n```diff\n+a\n```\n"],
  ])("may be %s", (_, page) => {
    expect(said(page)).toEqual([]);
  });

  it("is reported with its line when it differs from the file", () => {
    const stale = including("examples/a.ts#shown", SHOWN.replace("f()", "g()"));
    expect(said(stale)).toEqual(["docs/page.md:9: differs from examples/a.ts: run npm run docs:refresh"]);
    const short = including("examples/a.ts#shown", "const a = 1;");
    expect(said(short)).toEqual(["docs/page.md:7: differs from examples/a.ts: run npm run docs:refresh"]);
    const long = including("examples/a.ts#inner", "f();\nf();");
    expect(said(long)).toEqual(["docs/page.md:7: differs from examples/a.ts: run npm run docs:refresh"]);
  });

  it("is refreshed by one command; the rest of the page stays", () => {
    const page = `${including("examples/a.ts#shown", "old")}\nBetween.\n\n${including("examples/a.ts#inner", "")}\nEnd.\n`;
    const root = planted({ ...PAGES, "docs/page.md": page });
    const text = refreshed(root, readPage(root, "docs/page.md"));
    const wanted = `${including("examples/a.ts#shown", SHOWN)}\nBetween.\n\n${including("examples/a.ts#inner", "f();")}\nEnd.\n`;
    expect(text).toBe(wanted);
    expect(said(text)).toEqual([]);
  });

  it.each([
    [including("examples/gone.ts", "x"), "docs/page.md:3: examples/gone.ts does not exist"],
    [including("examples/a.ts#gone", "x"), 'docs/page.md:3: examples/a.ts has no line "// #region gone"'],
    [
      "<!-- include: examples/a.ts -->\n\nwords\n",
      "docs/page.md:1: the include of examples/a.ts has neither a fence below it nor <!-- /include -->",
    ],
    [
      "a\n\n```ts\nconst x = 1;\n```\n",
      "docs/page.md:3: ts typed by hand: include it, <!-- include: path/to/file.ts#region --> on the line above",
    ],
    ["```\nx\n```\n", "docs/page.md:1: a fence without a language: say text, sh, console or diff"],
    [
      "1. in a list\n\n   ```js\n   x\n   ```\n",
      "docs/page.md:3: js typed by hand: include it, <!-- include: path/to/file.ts#region --> on the line above",
    ],
  ])("is refused: %j", (page, finding) => {
    expect(said(page)).toEqual([finding]);
  });
});

describe("a reference in a page", () => {
  it("is accepted if its target exists, or if it names nothing of this repository", () => {
    const page = [
      "`packages/core/src/bus/plan/plan.ts`, `packages/core`, `plan/plan.ts`, `plan.ts`, `packages/<name>/src`",
      "`@waybill/core/transport`, `npm test`, `npm run test`, `npm run -w @waybill/core --silent gone`? no:",
      "`application/json`, `and/or`, `ctx.send`, `@waybill/source`, `5s`, `Cannot find`",
      "[a](other.md#the-odd-heading-twice) [b](other.md#the-odd-heading-twice-1) [c](#page) [d](https://x.example/y.md)",
    ].join("\n");
    expect(said(`# Page\n\n${page}\n`)).toEqual(["docs/page.md:4: @waybill/core has no npm script gone"]);
  });

  it.each([
    ["`docs/gone.md`", "docs/gone.md does not exist"],
    ["`packages/core/src/shed`", "packages/core/src/shed does not exist"],
    ["`gone.ts`", "gone.ts does not exist"],
    ["`@waybill/gone`", "@waybill/gone is neither a package of this repository nor an entry point of one"],
    [
      "`@waybill/core/gone`",
      "@waybill/core/gone is neither a package of this repository nor an entry point of one",
    ],
    ["run `npm run gone`", "package.json has no npm script gone"],
    ["[x](gone.md)", "gone.md does not exist"],
    ["[x](other.md#gone)", "docs/other.md has no heading #gone"],
    ["[x](#gone)", "docs/page.md has no heading #gone"],
    ["[x][y]\n\n[y]: gone.md", "gone.md does not exist"],
  ])("is reported without a target: %s", (words, finding) => {
    const found = said(`# Page\n\n${words}\n`);
    expect(found).toHaveLength(1);
    expect(found[0]).toMatch(/^docs\/page\.md:[35]: /);
    expect(found[0]).toContain(finding);
  });

  it("is checked in commands too, with its line", () => {
    expect(said("```sh\nnpm test\nnpm run gone\n```\n")).toEqual([
      "docs/page.md:3: package.json has no npm script gone",
    ]);
  });
});

describe("words", () => {
  const wordsOf = (root: string): readonly Finding[] => wordsIn(readPages(root), readSources(root));
  const found = (files: Readonly<Record<string, string>>): readonly string[] =>
    wordsOf(planted(files)).map(({ path, line, text }) => `${path}:${line}: ${text}`);

  it("that are retired are reported in pages, identifiers, strings and comments, but not in code of pages or in the glossary", () => {
    expect(
      found({
        "GLOSSARY.md": "# Words\n\nWe do not say zoo.\n",
        "docs/page.md": "# Page\n\nEvery zoo has a `door`.\n",
        "a.ts": "// a zoo\nexport const a = 'a floor';\nexport class TwoRooms {}\nMath.floor(1);\n",
      }),
    ).toEqual([
      'docs/page.md:3: "zoo" is retired: say bug corpus (GLOSSARY.md)',
      'a.ts:3: "rooms" is retired: say folder, module, or delay tier (GLOSSARY.md)',
      'a.ts:2: "floor" is retired: say layer (GLOSSARY.md)',
      'a.ts:1: "zoo" is retired: say bug corpus (GLOSSARY.md)',
    ]);
  });

  it.each([
    ["the subscriber of the field: driver, callback, endpoint, poison message", []],
    ["What is it?", []],
    ["It says what happened. Whatever comes is read.", []],
    ["What is stored stays.", ["What is stored stays."]],
    ["It stays. Who asks waits.", ["Who asks waits."]],
  ])("are reported if their sentence has no agent: %s", (text, sentences) => {
    const expected = sentences.map((each): unknown => expect.stringContaining(`"${each}" has no agent`));
    expect(found({ "a.md": `${text}\n` })).toEqual(expected);
    expect(found({ "a.ts": `/** ${text} */\nexport const a = 1;\n` })).toEqual(expected);
    expect(found({ "a.ts": `export const a = 1;\n// ${text.replace(" ", "\n// ")}\n` })).toEqual(expected);
    expect(found({ "a.ts": `export const a = "${text}";\n` })).toHaveLength(sentences.length);
  });
});

it("reports a missing page that every reader needs", () => {
  const { "README.md": _, ...rest } = PAGES as Record<string, string>;
  expect(checkDocs(planted(rest))).toEqual([{ path: "README.md", line: 1, text: "this page is missing" }]);
});

describe("required text", () => {
  it("is a reason for every dependency, with its version", () => {
    const root = planted({
      ...PAGES,
      "package.json":
        '{\n  "dependencies": { "@waybill/core": "0.1.0", "one": "1.0.0" },\n  "devDependencies": {\n    "two": "npm:other@2.0.0",\n    "three": "3.0.0"\n  }\n}',
      "CONTRIBUTING.md":
        "# A page\n\n| Tool | Version |\n| --- | --- |\n| `one` | 1.0.0 |\n| `two` | 2.0.1 |\n",
    });
    expect(checkDocs(root)).toEqual([
      { path: "package.json", line: 4, text: "two 2.0.0 has no line with its reason in CONTRIBUTING.md" },
      { path: "package.json", line: 5, text: "three 3.0.0 has no line with its reason in CONTRIBUTING.md" },
    ]);
  });

  it("is a section for every error code", () => {
    const codes = { ...PAGES, "api/error-codes.txt": "blocked\nclosed\n" };
    expect(checkDocs(planted(codes))).toEqual([
      { path: "docs/errors.md", line: 1, text: "this page is missing" },
    ]);
    expect(checkDocs(planted({ ...codes, "docs/errors.md": "# Errors\n\n## `blocked`\n" }))).toEqual([
      { path: "api/error-codes.txt", line: 2, text: "docs/errors.md has no section closed" },
    ]);
  });
});

it("keeps fences of pages equal to the files: the formatter does not touch them", () => {
  expect(JSON.parse(readFileSync(join(ROOT, ".oxfmtrc.json"), "utf8"))).toHaveProperty(
    "embeddedLanguageFormatting",
    "off",
  );
});

it("reports a name in a comment that no source has", () => {
  const root = planted({
    ...PAGES,
    "packages/core/src/bus/plan/plan.ts":
      "/** Default: `requestTimeout`, not `timeouts.maxTime`; as `plan` and `x-some-header`, `maxLength`. */\nexport const maxLength = 1;\n",
  });
  expect(checkDocs(root).map(({ path, line, text }) => `${path}:${line}: ${text}`)).toEqual([
    "packages/core/src/bus/plan/plan.ts:1: no source has a name requestTimeout: write today's name",
    "packages/core/src/bus/plan/plan.ts:1: no source has a name maxTime: write today's name",
  ]);
});

describe("the map", () => {
  const findings = (files: Readonly<Record<string, string>>): readonly string[] =>
    checkDocs(planted({ ...PAGES, ...files })).map(({ path, line, text }) => `${path}:${line}: ${text}`);

  it("must name every package and every folder with sources", () => {
    expect(findings({})).toEqual([]);
    expect(findings({ "packages/core/src/codec/plain.ts": "", "packages/kafka/package.json": "{}" })).toEqual(
      [
        "ARCHITECTURE.md:1: no table names the folder packages/core/src/codec",
        "ARCHITECTURE.md:1: no table names the folder packages/kafka",
      ],
    );
  });

  it("may draw only files that exist, by the end of their paths", () => {
    const diagram = (names: string): string => `# A\n\n\`\`\`text packages/core/src\nbus\n${names}\n\`\`\`\n`;
    expect(findings({ "docs/a.md": diagram("plan.ts -> plan/plan.ts") })).toEqual([]);
    expect(findings({ "docs/a.md": diagram("plan.ts -> an.ts") })).toEqual([
      "docs/a.md:5: packages/core/src has no file an.ts",
    ]);
  });
});
