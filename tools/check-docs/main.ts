import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { filesBelow, ROOT } from "../shared/files.ts";
import { report } from "../shared/finding.ts";
import { checkDocs } from "./check-docs.ts";
import { wordsIn } from "./words/check-words.ts";
import { refreshed } from "./includes.ts";
import { readPages } from "./page.ts";
import { readSources } from "./words/prose.ts";

if (process.argv.includes("--refresh"))
  for (const page of readPages(ROOT)) {
    const text = refreshed(ROOT, page);
    if (text === page.lines.join("\n")) continue;
    writeFileSync(join(ROOT, page.path), text);
    console.log(`refreshed ${page.path}`);
  }
const words = process.argv.indexOf("--words");
if (words > 0) {
  const below = process.argv[words + 1] ?? "";
  report(
    wordsIn(readPages(ROOT), readSources(ROOT)).filter(({ path }) => path.startsWith(below)),
    "plain words everywhere",
  );
} else report(checkDocs(ROOT), `${filesBelow(ROOT, ".md").length} pages agree with the repository`);
