import { fileURLToPath } from "node:url";
import { checkLayers } from "./check-layers.ts";

const violations = checkLayers(fileURLToPath(new URL("../..", import.meta.url)));
for (const { path, line, rule, text } of violations) console.error(`${path}:${line}: ${text} [${rule}]`);
console.log(violations.length === 0 ? "layers hold" : `${violations.length} violations`);
process.exitCode = violations.length === 0 ? 0 : 1;
