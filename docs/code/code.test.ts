import { execFile } from "node:child_process";
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";

const HERE = fileURLToPath(new URL(".", import.meta.url));
const run = promisify(execFile);
/** The file beside each program holds its output, as the pages show it. */
const FILES = ["", "brokers/"].flatMap((folder) =>
  readdirSync(`${HERE}${folder}`).map((file) => `${folder}${file}`),
);
const PROGRAMS = FILES.filter((file) => file.endsWith(".txt")).map((file) => file.replace(/\.txt$/, ""));

describe("the programs of the pages", { timeout: 120_000, concurrent: true }, () => {
  it("all run in this test", () => {
    const sources = FILES.filter((file) => /^[a-z/-]+\.ts$/.test(file));
    expect(sources.map((file) => file.replace(/\.ts$/, ""))).toEqual(PROGRAMS);
  });

  it.each(PROGRAMS)("%s prints the output that its page shows", async (name) => {
    const { stdout, stderr } = await run(
      process.execPath,
      ["--conditions=@waybill/source", "--import", "tsx", `${name}.ts`],
      { cwd: HERE },
    );
    if (process.env["WAYBILL_UPDATE"] !== undefined) writeFileSync(`${HERE}${name}.txt`, stdout);
    expect(stderr).toBe("");
    expect(stdout).toBe(readFileSync(`${HERE}${name}.txt`, "utf8"));
  });
});
