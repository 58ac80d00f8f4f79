import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { filesBelow, ROOT } from "../shared/files.ts";
import { report } from "../shared/finding.ts";
import { checkDocs } from "./check-docs.ts";
import { wordsIn } from "./words/check-words.ts";
import { refreshed } from "./includes.ts";
import { readPage } from "./page.ts";

if (process.argv.includes("--refresh"))
  for (const path of filesBelow(ROOT, ".md")) {
    const text = refreshed(ROOT, readPage(ROOT, path));
    if (text === readFileSync(join(ROOT, path), "utf8")) continue;
    writeFileSync(join(ROOT, path), text);
    console.log(`refreshed ${path}`);
  }
const words = process.argv.indexOf("--words");
if (words > 0) {
  const below = process.argv[words + 1] ?? "";
  report(
    wordsIn(ROOT).filter(({ path }) => path.startsWith(below)),
    "plain words everywhere",
  );
} else report(checkDocs(ROOT), `${filesBelow(ROOT, ".md").length} pages agree with the repository`);
