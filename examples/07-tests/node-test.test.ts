import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

it("the same tests run in node:test", { timeout: 120_000 }, async () => {
  const file = fileURLToPath(new URL("payments.node-test.ts", import.meta.url));
  const { NODE_TEST_CONTEXT: _context, ...env } = process.env;
  const output = await new Promise<string>((resolve) => {
    const args = ["--conditions=@waybill/source", "--import", "tsx", "--test", "--test-reporter=tap", file];
    execFile(process.execPath, args, { env }, (_error, stdout, stderr) => resolve(stdout + stderr));
  });
  expect(output).toMatch(/^# pass 3$/m);
  expect(output).toMatch(/^# fail 0$/m);
});
