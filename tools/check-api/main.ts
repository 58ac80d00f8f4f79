import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { everything, ROOT } from "./api.ts";

const folder = join(ROOT, "api");
const now = await everything(ROOT);
if (process.argv.includes("--update")) {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder);
  for (const { file, text } of now) writeFileSync(join(folder, file), text);
}
const approved = existsSync(folder) ? readdirSync(folder) : [];
const unexpected = approved.filter((file) => !now.some((one) => one.file === file));
const changed = now.filter(
  ({ file, text }) => !approved.includes(file) || readFileSync(join(folder, file), "utf8") !== text,
);
for (const { file } of changed)
  console.error(`api/${file} is not what the sources say: npm run api:update, and look at the difference`);
for (const file of unexpected) console.error(`api/${file} is approved, and there is no such door or list`);
const count = changed.length + unexpected.length;
console.log(count === 0 ? `${now.length} approved texts hold` : `${count} differences`);
process.exitCode = count === 0 ? 0 : 1;
