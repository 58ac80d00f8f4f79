import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { filesBelow, ROOT } from "../shared/files.ts";
import { report } from "../shared/finding.ts";
import { checkDocs } from "./check-docs.ts";
import { refreshed } from "./includes.ts";
import { readPage } from "./page.ts";

if (process.argv.includes("--refresh"))
  for (const path of filesBelow(ROOT, ".md")) {
    const text = refreshed(ROOT, readPage(ROOT, path));
    if (text === readFileSync(join(ROOT, path), "utf8")) continue;
    writeFileSync(join(ROOT, path), text);
    console.log(`refreshed ${path}`);
  }
report(checkDocs(ROOT), `${filesBelow(ROOT, ".md").length} pages say what is so`);
