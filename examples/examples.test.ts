import { spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it, vi } from "vitest";

/** Each test starts processes: the bound is for those that hang. */
vi.setConfig({ testTimeout: 120_000 });

const HERE = fileURLToPath(new URL(".", import.meta.url));
const EXAMPLES = readdirSync(HERE).filter((name) => /^\d\d-/.test(name));

/** Runs an example as its readers do. */
function outputOf(main: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ["--conditions=@waybill/source", "--import", "tsx", main], {
      cwd: HERE,
    });
    let output = "";
    child.stdout.on("data", (chunk: Buffer) => void (output += chunk.toString()));
    child.stderr.on("data", (chunk: Buffer) => void (output += chunk.toString()));
    child.on("error", reject);
    child.on("close", () => resolve(output));
  });
}

it("one more action by commands comes to the same as by events, in another text", async () => {
  const output = await outputOf("03-buy-button-events/one-more-action/main.ts");
  expect(output.split("\n").filter((line) => line.endsWith("sales: counted"))).toHaveLength(3);
});

it("there are examples", () => expect(EXAMPLES.length).toBeGreaterThanOrEqual(3));

it.each(EXAMPLES)("%s prints what its expected.txt says", async (name) => {
  const expected = readFileSync(join(HERE, name, "expected.txt"), "utf8");
  expect(await outputOf(join(name, "main.ts"))).toBe(expected);
});
