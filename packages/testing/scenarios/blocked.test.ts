import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

/** Runs a module in a process of its own until it has written what is waited for, then ends it. */
function written(module: string, awaited: RegExp): Promise<string> {
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
  it("is named on the error stream, with what replays it: nothing else can speak any more", async () => {
    const text = await written("run-blocking", /stands still[^\n]*\n/);
    expect(text).toMatch(
      /The simulation stands still: for 0\.3 s nothing has come after "app\/\d receives top\.spin"\. .* Replay it with \{ seed: 7, path: "v1:0" \}/,
    );
  });
});
