import { execFileSync } from "node:child_process";
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../shared/files.ts";
import { readPackages } from "../shared/packages.ts";
import { obstacles, repositoryUrl } from "./readiness.ts";

/**
 * Publishes each package that `changeset version` has given a new version, with a signed statement of the commit and
 * the job that built it. `npm run release -- --dry-run` prints the obstacles and the packages.
 */
const isDryRun = process.argv.includes("--dry-run");

const repository = remote();
const found = obstacles({
  uncommitted: run("git", "status", "--porcelain").trim(),
  pending: readdirSync(join(ROOT, ".changeset")).filter((name) => name.endsWith(".md")),
  repository,
  isTrusted: ["ACTIONS_ID_TOKEN_REQUEST_URL", "SIGSTORE_ID_TOKEN"].some(
    (name) => process.env[name] !== undefined,
  ),
});
for (const obstacle of found) console.error(`not ready: ${obstacle}`);

if (isDryRun) {
  runVisibly("npm", "run", "build");
  for (const { folder } of published())
    console.log(
      run("npm", "pack", "--dry-run", "--ignore-scripts", "--silent", join(ROOT, "packages", folder)).trim(),
    );
} else if (found.length > 0 || repository === undefined) {
  process.exitCode = 1;
} else {
  runVisibly("npm", "run", "build");
  const restore = published().map(({ folder }) => nameRepository(folder, repository));
  try {
    runVisibly("npx", "changeset", "publish");
  } finally {
    for (const undo of restore) undo();
  }
}

function published(): ReturnType<typeof readPackages> {
  return readPackages(ROOT).filter(({ isPrivate }) => !isPrivate);
}

/**
 * Adds the repository to a manifest, which npm compares with the repository of the build; returns a function that
 * undoes this.
 */
function nameRepository(folder: string, url: string): () => void {
  const file = join(ROOT, "packages", folder, "package.json");
  const before = readFileSync(file, "utf8");
  const manifest = JSON.parse(before) as Record<string, unknown>;
  const named = { ...manifest, repository: { type: "git", url, directory: `packages/${folder}` } };
  writeFileSync(file, `${JSON.stringify(named, undefined, 2)}\n`);
  return () => writeFileSync(file, before);
}

function remote(): string | undefined {
  try {
    return repositoryUrl(run("git", "remote", "get-url", "origin").trim());
  } catch {
    return undefined;
  }
}

function run(command: string, ...args: readonly string[]): string {
  return execFileSync(command, args, { cwd: ROOT, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
}

function runVisibly(command: string, ...args: readonly string[]): void {
  execFileSync(command, args, {
    cwd: ROOT,
    stdio: "inherit",
    env: { ...process.env, NPM_CONFIG_PROVENANCE: "true" },
  });
}
