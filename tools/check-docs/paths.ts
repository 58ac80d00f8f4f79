import { dirname, posix } from "node:path";
import type { Finding } from "../shared/finding.ts";
import { readPage, type Mention, type Page } from "./page.ts";
import { isThere, type Repository } from "./repository.ts";

/** Returns the paths, entry points, npm scripts and links of a page that have no target. */
export function deadReferences(repository: Repository, page: Page): readonly Finding[] {
  const shell = page.fences
    .filter(({ language }) => language === "sh" || language === "console")
    .flatMap(({ line, body }) => body.split("\n").map((text, at) => ({ line: line + 1 + at, text })));
  const commands = [...page.codes, ...page.texts, ...shell];
  const wrong = [
    ...page.codes.flatMap((code) => deadPath(repository, page, code)),
    ...page.codes.flatMap((code) => deadEntryPoint(repository, code)),
    ...commands.flatMap((command) => deadScripts(repository, command)),
    ...page.links.flatMap((link) => deadLink(repository, page, link)),
  ];
  return wrong.map(({ line, text }) => ({ path: page.path, line, text }));
}

/** A name with an extension is a file; a name with a placeholder is a pattern. */
const FILE = /^\.{0,2}[\w@/.-]*\.(?:ts|mts|mjs|js|json|md|txt|csv|yml)$/;
const FOLDER = /^\.?[\w@.-]+(?:\/[\w@.-]+)*\/?$/;

function deadPath(repository: Repository, page: Page, { line, text }: Mention): readonly Mention[] {
  const first = text.slice(0, text.indexOf("/"));
  const isInFolder = FOLDER.test(text) && repository.folders.has(first);
  if (!FILE.test(text) && !isInFolder) return [];
  if (isThere(repository, text) || isThere(repository, posix.join(dirname(page.path), text))) return [];
  // A page about core writes `plan/plan.ts`: one file's path ends so.
  if (!isInFolder && repository.files.some((file) => `/${file}`.endsWith(`/${text}`))) return [];
  return [{ line, text: `${text} does not exist` }];
}

function deadEntryPoint({ entryPoints }: Repository, { line, text }: Mention): readonly Mention[] {
  if (!/^@waybill\/[\w/.-]+$/.test(text) || entryPoints.has(text)) return [];
  // This is the name of the export condition.
  return text === "@waybill/source"
    ? []
    : [{ line, text: `${text} is neither a package of this repository nor an entry point of one` }];
}

const RUN = /\bnpm (?:run |(?=test\b))((?:(?:-w|--workspace) \S+ |-\S+ )*)([\w:-]+)/g;

function deadScripts({ scripts }: Repository, { line, text }: Mention): readonly Mention[] {
  return [...text.matchAll(RUN)].flatMap(([, flags = "", script = ""]) => {
    const workspace = /(?:-w|--workspace) (\S+)/.exec(flags)?.[1] ?? "";
    const known = scripts.get(workspace);
    if (known?.has(script) === true) return [];
    const owner = workspace === "" ? "package.json" : workspace;
    return [{ line, text: `${owner} has no npm script ${script}` }];
  });
}

function deadLink(repository: Repository, page: Page, { line, text }: Mention): readonly Mention[] {
  if (/^[a-z][a-z+.-]*:/i.test(text)) return [];
  const [target = "", anchor] = text.split("#");
  const path = target === "" ? page.path : posix.join(dirname(page.path), decodeURI(target));
  if (!isThere(repository, path)) return [{ line, text: `${target} does not exist` }];
  if (anchor === undefined || !path.endsWith(".md")) return [];
  const { anchors } = path === page.path ? page : readPage(repository.root, path);
  return anchors.has(anchor) ? [] : [{ line, text: `${path} has no heading #${anchor}` }];
}
