import { ROOT } from "../shared/files.ts";
import { report } from "../shared/finding.ts";
import { entryPointTexts } from "./approved.ts";
import { approve, differences } from "./check-api.ts";
import { listTexts } from "./lists.ts";

const now = [...entryPointTexts(ROOT), ...(await listTexts())];
if (process.argv.includes("--update")) approve(ROOT, now);
report(differences(ROOT, now), `${now.length} approved texts equal the sources`);
