import { execFile } from "node:child_process";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const FOLDER = fileURLToPath(new URL("../../examples/", import.meta.url));

/** The examples that take their transport from the environment. */
export const EXAMPLES: readonly string[] = readdirSync(FOLDER).filter((name) => /^0[123]-/.test(name));

export function expectedOf(example: string): string {
  return readFileSync(join(FOLDER, example, "expected.txt"), "utf8");
}

/** Runs an example on a broker and returns its output. @throws with its output if it fails */
export async function outputOf(example: string, url: string): Promise<string> {
  const { stdout, stderr } = await promisify(execFile)(
    process.execPath,
    ["--conditions=@waybill/source", "--import", "tsx", join(example, "main.ts")],
    { cwd: FOLDER, env: { ...process.env, WAYBILL_TRANSPORT: url } },
  );
  return `${stdout}${stderr}`;
}
