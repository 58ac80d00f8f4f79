import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { afterAll, beforeAll, expect, it, vi } from "vitest";

/** The bundled program tries to reach three brokers that do not exist; only a hanging program reaches this limit. */
vi.setConfig({ testTimeout: 120_000 });

/** The esbuild that tsx depends on. */
interface Esbuild {
  build(options: Readonly<Record<string, unknown>>): Promise<{ readonly warnings: readonly unknown[] }>;
}

const PROGRAM = fileURLToPath(new URL("program.mjs", import.meta.url));
const tsx = createRequire(import.meta.url).resolve("tsx/package.json");
const esbuild = (await import(pathToFileURL(createRequire(tsx).resolve("esbuild")).href)) as Esbuild;

/** The banner that ES module bundles need for packages that call `require`, such as amqplib and kafkajs. */
const BANNER = `import { createRequire } from "node:module"; const require = createRequire(import.meta.url);`;

let folder: string;
beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), "bundle-"))));
afterAll(() => rmSync(folder, { recursive: true }));

it.each([
  ["CommonJS", "cjs", undefined],
  ["ESM, with the usual banner", "esm", { js: BANNER }],
])("an esbuild bundle of %s with every adapter runs in an empty folder", async (_, format, banner) => {
  const outfile = join(folder, format, `program.${format === "cjs" ? "cjs" : "mjs"}`);
  const { warnings } = await esbuild.build({
    entryPoints: [PROGRAM],
    outfile,
    format,
    banner,
    bundle: true,
    platform: "node",
    logLevel: "silent",
    conditions: ["@waybill/source"],
    // Core checks whether `import.meta.url` exists; a CommonJS bundle has none.
    logOverride: { "empty-import-meta": "silent" },
  });
  expect(warnings).toEqual([]);
  const env = { PATH: process.env["PATH"] };
  const { stdout, stderr } = spawnSync(process.execPath, [outfile], {
    cwd: dirname(outfile),
    encoding: "utf8",
    env,
  });
  expect(stderr).toBe("");
  expect(stdout.trim().split("\n")).toEqual([
    'memory: {"n":7}',
    expect.stringMatching(/^rabbitmq: RabbitMQ at 127\.0\.0\.1:1 cannot be reached: .*ECONNREFUSED/),
    expect.stringMatching(/^nats: NATS at 127\.0\.0\.1:1 cannot be reached: /),
    expect.stringMatching(/^kafka: Kafka at 127\.0\.0\.1:1 cannot be reached: /),
    expect.stringMatching(
      /^by URL: The adapter package @waybill\/rabbitmq is not installed: .* A bundled program cannot load it by URL: import rabbitmqTransport from @waybill\/rabbitmq there and pass transport: rabbitmqTransport\(\{ url \}\)\. \[transport-not-installed\]$/,
    ),
  ]);
});
