import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it, vi } from "vitest";
import { runOn } from "./05-swap/run.ts";
import { TRANSPORTS, isInstalled, onTransport, outputOf, type TransportName } from "./shared/transports.ts";

/** Each test starts a broker and several programs; the time limit is for programs that hang. */
vi.setConfig({ testTimeout: 300_000 });

const HERE = fileURLToPath(new URL(".", import.meta.url));
const EXAMPLES = readdirSync(HERE).filter((name) => /^\d\d-/.test(name));
const expectedOf = (name: string): string => readFileSync(join(HERE, name, "expected.txt"), "utf8");

/** Every transport that has an adapter. */
async function installed(): Promise<readonly TransportName[]> {
  const found = await Promise.all(TRANSPORTS.map(async (name) => ((await isInstalled(name)) ? [name] : [])));
  return found.flat();
}

// CI runs real brokers; elsewhere use `npm run swap`.
const transports: readonly TransportName[] = process.env["CI"] === undefined ? ["memory"] : await installed();

describe.each(transports)("on %s", (transport) => {
  it.skipIf(transport === "memory")("every example prints its expected.txt", async () => {
    const outputs = await onTransport(transport, async (url) => {
      const found: Record<string, string> = {};
      for (const name of EXAMPLES) found[name] = await outputOf(join(name, "main.ts"), url);
      return found;
    });
    expect(outputs).toEqual(Object.fromEntries(EXAMPLES.map((name) => [name, expectedOf(name)])));
  });

  it("the application of 05-swap prints the same output, and its tests pass", async () => {
    const { output, passed, failed } = await runOn(transport);
    expect(output).toBe(expectedOf("05-swap"));
    expect({ passed, failed }).toEqual({ passed: 5, failed: 0 });
  });
});
