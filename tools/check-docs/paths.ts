import { readFileSync } from "node:fs";
import { dirname, join, posix } from "node:path";
import type { Finding } from "./finding.ts";
import { fencesOf, proseOf } from "./markdown.ts";
import { exists } from "./pages.ts";

/** What looks like a file or folder of the repository: under one of its top folders. */
const PATH = /`((?:packages|docs|examples|bench|tools|api|\.ci)\/[\w./-]*[\w/])`/g;
const LINK = /\]\((?!https?:|mailto:)([^)\s#]*)(?:#([\w-]+))?\)/g;
const SCRIPT = /npm run (?:-s |--silent )?(?:-w (\S+) )?([\w:-]+)/g;

/** Paths, links, anchors and npm scripts that a page names and that do not exist. */
export function deadReferences(root: string, page: string): readonly Finding[] {
  const markdown = readFileSync(join(root, page), "utf8");
  const scripts = new Set(Object.keys(manifest(root, "package.json").scripts ?? {}));
  const shell = fencesOf(markdown).filter(({ language }) => language === "sh");
  const commands = [proseOf(markdown), ...shell.map(({ body }) => body)].join("\n");
  const findings: Finding[] = [];
  const note = (isThere: boolean, at: number, text: string): void => {
    if (!isThere) findings.push({ page, line: markdown.slice(0, at).split("\n").length, text });
  };
  for (const { 1: path = "", index } of proseOf(markdown).matchAll(PATH))
    note(exists(root, path), index, `${path} does not exist`);
  for (const { 1: target = "", 2: anchor, index } of proseOf(markdown).matchAll(LINK)) {
    const file = target === "" ? page : posix.join(dirname(page), target);
    note(exists(root, file), index, `${target} does not exist`);
    if (anchor !== undefined && exists(root, file) && file.endsWith(".md"))
      note(
        anchorsOf(readFileSync(join(root, file), "utf8")).has(anchor),
        index,
        `${file} has no heading #${anchor}`,
      );
  }
  for (const { 1: workspace, 2: script = "" } of commands.matchAll(SCRIPT)) {
    const at = markdown.indexOf(`npm run ${workspace === undefined ? script : ""}`);
    if (workspace === undefined)
      note(scripts.has(script), Math.max(0, at), `there is no npm script ${script}`);
  }
  return findings;
}

function manifest(root: string, path: string): { readonly scripts?: Record<string, string> } {
  return JSON.parse(readFileSync(join(root, path), "utf8")) as { scripts?: Record<string, string> };
}

/** The anchors of a page's headings, as GitHub makes them. */
export function anchorsOf(markdown: string): ReadonlySet<string> {
  const headings = proseOf(markdown).matchAll(/^#+ (.+)$/gm);
  return new Set(
    [...headings].map(({ 1: text = "" }) =>
      text
        .toLowerCase()
        .replaceAll(/[^\w\s-]/g, "")
        .trim()
        .replaceAll(/\s/g, "-"),
    ),
  );
}
