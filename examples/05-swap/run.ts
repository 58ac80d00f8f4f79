import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { createBus, type Explanation } from "@waybill/core";
import { onTransport, outputOf, run, type TransportName } from "../shared/transports.ts";
import { config } from "./config.ts";
import { audit, orders } from "./services.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

/** The result of the application on one transport. */
export interface Outcome {
  readonly transport: TransportName;
  /** The output of the demo. */
  readonly output: string;
  readonly passed: number;
  readonly failed: number;
  readonly seconds: number;
  readonly explanation: Explanation;
}

/** Runs the demo and the tests on a broker of their own. Only the URL differs. */
export function runOn(transport: TransportName): Promise<Outcome> {
  return onTransport(transport, async (url) => {
    const since = Date.now();
    const output = await outputOf("05-swap/main.ts", url);
    const tests = await runTests(url);
    const seconds = (Date.now() - since) / 1_000;
    return { transport, output, ...tests, seconds, explanation: await explanationOn(url) };
  });
}

async function explanationOn(url: string): Promise<Explanation> {
  const services = [orders(() => undefined), audit("swap-audit", () => undefined)];
  const bus = await createBus({ ...config, transport: url, services });
  await bus.start();
  const explanation = bus.explain();
  await bus.stop();
  return explanation;
}

async function runTests(url: string): Promise<{ readonly passed: number; readonly failed: number }> {
  const folder = mkdtempSync(join(tmpdir(), "waybill-swap-"));
  const vitest = join(dirname(createRequire(import.meta.url).resolve("vitest/package.json")), "vitest.mjs");
  const report = join(folder, "report.json");
  try {
    const args = ["run", "examples/05-swap/shop.test.ts", "--reporter=json", `--outputFile=${report}`];
    await run([vitest, ...args], { cwd: ROOT, url });
    const { numPassedTests, numFailedTests } = JSON.parse(readFileSync(report, "utf8")) as Record<
      "numPassedTests" | "numFailedTests",
      number
    >;
    return { passed: numPassedTests, failed: numFailedTests };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
