import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

/** Runs a module in a process of its own, kills it once its error output matches, and returns that output. */
function errorOutputOf(module: string, awaited: RegExp): Promise<string> {
  const path = fileURLToPath(new URL(`./modules/${module}.ts`, import.meta.url));
  const child = spawn(process.execPath, ["--conditions=@waybill/source", "--import", "tsx", path]);
  return new Promise((resolve, reject) => {
    let text = "";
    child.stderr.on("data", (piece: Buffer) => {
      text += piece.toString();
      if (awaited.test(text)) child.kill("SIGKILL");
    });
    child.on("error", reject);
    child.on("exit", () => resolve(text));
  });
}

describe("a handler that blocks the only thread", { timeout: 60_000 }, () => {
  it("is named on standard error, with the seed and path that replay it", async () => {
    const text = await errorOutputOf("run-blocking", /is blocked[^\n]*\n/);
    expect(text).toMatch(
      /The simulation is blocked: no step has followed "app\/\d receives top\.spin" for 0\.3 s\. .* Replay this run with \{ seed: 7, path: "v1:0" \}/,
    );
  });
});
