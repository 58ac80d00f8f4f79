import { spawnSync } from "node:child_process";
import { copyFileSync, existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startForTests } from "@waybill/brokers/for-tests";
import type { Finding } from "../shared/finding.ts";
import { readPackages } from "../shared/packages.ts";
import { packed, type Packed } from "./pack.ts";
import { consumerFixture } from "./fixture.ts";

/** A program that runs applications with the packages: a test runner, a bundler, another runtime. */
interface Host {
  readonly name: string;
  /** The packages to install besides ours, with exact versions. */
  readonly installs: readonly string[];
  /** The folder beside this file with the application. */
  readonly files: string;
  /** Returns the commands to run in order in the folder. */
  readonly commands: (folder: string) => readonly (readonly [string, ...string[]])[];
  readonly prints: string;
  /** Whether the application runs only on NATS, not in memory. */
  readonly needsBroker?: boolean;
}

/** A script that moves a folder away from all installed packages and replaces an older one there. */
const MOVE =
  'const { rmSync, renameSync } = require("node:fs"); const [, from, to] = process.argv; rmSync(to, { recursive: true, force: true }); renameSync(from, to);';
const ZOD = "zod@4.6.7";
const RUNTIME_OUTPUT = "reply 7, received 7 at attempt 2, dead letter: no such order";

export const HOSTS: readonly Host[] = [
  {
    name: "Jest 30",
    installs: ["jest@30.5.2", ZOD],
    files: "jest",
    commands: () => [["npm", "test", "--silent"]],
    prints: "",
  },
  {
    name: "esbuild 0.28",
    installs: ["esbuild@0.28.2", ZOD],
    files: "bundle",
    commands: (folder) => [
      [process.execPath, "esbuild.mjs"],
      [process.execPath, "-e", MOVE, join(folder, "out"), `${folder}-alone`],
      [process.execPath, join(`${folder}-alone`, "main.mjs")],
    ],
    prints: "Hello, bundle!",
    needsBroker: true,
  },
  {
    name: "Bun 1.4",
    installs: ["bun@1.4.5", ZOD],
    files: "runtimes",
    commands: (folder) => [[executable(folder, "@oven", "bin/bun"), "main.mjs"]],
    prints: RUNTIME_OUTPUT,
  },
  {
    name: "Deno 2.9",
    installs: ["deno@2.9.6", ZOD],
    files: "runtimes",
    commands: (folder) => [[executable(folder, "@deno", "deno"), "run", "--allow-all", "main.mjs"]],
    prints: RUNTIME_OUTPUT,
  },
];

/**
 * Installs the packed packages with each host and runs its application: in memory, and on NATS if that can start. A
 * host that cannot be installed is a finding in CI; elsewhere it is a printed warning.
 */
export async function hostFindings(
  root: string,
  hosts: readonly Host[] = HOSTS,
): Promise<readonly Finding[]> {
  const folder = mkdtempSync(join(tmpdir(), "waybill-hosts-"));
  const nats = await startForTests("nats");
  try {
    const all = readPackages(root)
      .filter(({ isPrivate }) => !isPrivate)
      .map((pack) => packed(root, pack, folder));
    return hosts.flatMap((host) => {
      const path = `tools/check-packages/${host.files}`;
      return hostFailures(host, all, nats?.url).map((text) => ({
        path,
        line: 1,
        text: `${host.name}: ${text}`,
      }));
    });
  } finally {
    await nats?.end();
    rmSync(folder, { recursive: true });
  }
}

function hostFailures(host: Host, all: readonly Packed[], natsUrl: string | undefined): readonly string[] {
  const fixture = consumerFixture(all);
  const { folder } = fixture;
  try {
    const failure = run(folder, ["npm", "install", ...INSTALL_OPTIONS, ...host.installs]).failure;
    if (failure !== undefined) return installFailure(host, failure);
    const files = join(import.meta.dirname, host.files);
    for (const file of readdirSync(files)) copyFileSync(join(files, file), join(folder, file));
    const transports = [
      ...(host.needsBroker === true ? [] : ["memory:"]),
      ...(natsUrl === undefined ? [] : [natsUrl]),
    ];
    return transports.flatMap((transport) => programFailures(host, folder, transport));
  } finally {
    rmSync(`${folder}-alone`, { recursive: true, force: true });
    fixture.remove();
  }
}

/** Returns the failure of the application, or an empty list. */
function programFailures(host: Host, folder: string, transport: string): readonly string[] {
  let printed = "";
  for (const command of host.commands(folder)) {
    const { failure, output } = run(folder, command, { WAYBILL_TRANSPORT: transport, BROKER_URL: transport });
    if (failure !== undefined) return [`${command.join(" ")}\n${failure}`];
    printed = output.trim();
  }
  return printed.includes(host.prints) ? [] : [`printed ${printed} instead of ${host.prints}`];
}

function installFailure({ name }: Host, failure: string): readonly string[] {
  if (process.env["CI"] !== undefined) return [`cannot be installed\n${failure}`];
  process.stderr.write(`\n!!! NOT TESTED with ${name}: it cannot be installed\n${failure}\n\n`);
  return [];
}

interface CommandResult {
  readonly failure: string | undefined;
  readonly output: string;
}

const LIMIT_MS = 120_000;
const INSTALL_OPTIONS = [
  "--ignore-scripts",
  "--no-audit",
  "--no-fund",
  "--prefer-offline",
  "--silent",
  "--save-exact",
];

function run(
  cwd: string,
  [command, ...args]: readonly [string, ...string[]],
  env: NodeJS.ProcessEnv = {},
): CommandResult {
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    cwd,
    encoding: "utf8",
    timeout: LIMIT_MS,
    env: { ...process.env, NODE_OPTIONS: "", ...env },
  });
  const succeeded = status === 0 && error === undefined;
  return {
    output: stdout,
    failure: succeeded ? undefined : `${String(error ?? "")}${stdout}${stderr}`.trim(),
  };
}

/** Returns the program of the installed platform package in this scope. */
function executable(folder: string, scope: string, path: string): string {
  const packages = join(folder, "node_modules", scope);
  const found = (existsSync(packages) ? readdirSync(packages) : [])
    .map((name) => join(packages, name, path))
    .find((file) => existsSync(file));
  return found ?? `${scope}/${path}`;
}
