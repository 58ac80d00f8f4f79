import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { loadPackage } from "./load-module.ts";

let app: string;
let entry: string;
beforeEach(() => {
  app = realpathSync(mkdtempSync(join(tmpdir(), "app-")));
  vi.spyOn(process, "cwd").mockReturnValue(app);
  entry = process.argv[1] ?? "";
});
afterEach(() => void (process.argv[1] = entry));
afterEach(() => rmSync(app, { recursive: true }));

function install(name: string, code: string, at = app): void {
  const folder = join(at, "node_modules", name);
  mkdirSync(folder, { recursive: true });
  writeFileSync(
    join(folder, "package.json"),
    JSON.stringify({ name, type: "module", exports: "./index.js" }),
  );
  writeFileSync(join(folder, "index.js"), code);
}

it("finds a package that only the application has installed", async () => {
  install("waybill-only-here", "export const answer = 42;");
  expect(await loadPackage("waybill-only-here")).toMatchObject({ answer: 42 });
});

it("returns undefined for a package that is not installed, and throws the error of a package", async () => {
  expect(await loadPackage("waybill-nowhere")).toBeUndefined();
  install("waybill-broken", 'throw new Error("broken inside");');
  await expect(loadPackage("waybill-broken")).rejects.toThrow("broken inside");
});

it.each([
  ["its entry point", "apps/api/dist/main.js"],
  ["its entry point without extension", "apps/api/dist/main"],
  ["the folder of the program", "apps/api"],
])("finds a package beside the application by %s, from any working directory", async (_, started) => {
  const name = `waybill-of-${started.replaceAll(/\W/g, "-")}`;
  install(name, "export const answer = 42;", join(app, "apps/api"));
  expect(await loadPackage(name)).toBeUndefined();
  process.argv[1] = join(app, started);
  expect(await loadPackage(name)).toMatchObject({ answer: 42 });
});

it("follows a symbolic link to the program, and prefers the package of the entry point to that of the working directory", async () => {
  install("waybill-twice", "export const from = 'application';", join(app, "apps/api"));
  install("waybill-twice", "export const from = 'working directory';");
  writeFileSync(join(app, "apps/api/cli.js"), "");
  symlinkSync(join(app, "apps/api/cli.js"), join(app, "bin"));
  process.argv[1] = join(app, "bin");
  expect(await loadPackage("waybill-twice")).toMatchObject({ from: "application" });
});
