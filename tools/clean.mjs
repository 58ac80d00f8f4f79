// Deletes the given folders: tsc never deletes stale output, and dist/ is published.
import { rmSync } from "node:fs";
for (const path of process.argv.slice(2)) rmSync(path, { recursive: true, force: true });
