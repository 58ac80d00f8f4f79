import { fileURLToPath } from "node:url";
import { refreshIncludes, staleIncludes } from "./includes.ts";
import { pagesOf } from "./pages.ts";
import { deadReferences } from "./paths.ts";
import { bannedWords } from "./words.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const pages = pagesOf(root);
if (process.argv.includes("--refresh")) for (const page of pages) refreshIncludes(root, page);
const findings = pages.flatMap((page) => [
  ...staleIncludes(root, page),
  ...deadReferences(root, page),
  ...bannedWords(root, page),
]);
for (const { page, line, text } of findings) console.error(`${page}:${line}: ${text}`);
console.log(findings.length === 0 ? `${pages.length} pages are true` : `${findings.length} findings`);
process.exitCode = findings.length === 0 ? 0 : 1;
