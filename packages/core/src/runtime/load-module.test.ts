import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { loadPackage } from "./load-module.ts";

let app: string;
beforeEach(() => {
  app = mkdtempSync(join(tmpdir(), "app-"));
  vi.spyOn(process, "cwd").mockReturnValue(app);
});
afterEach(() => rmSync(app, { recursive: true }));

function install(name: string, code: string): void {
  const folder = join(app, "node_modules", name);
  mkdirSync(folder, { recursive: true });
  writeFileSync(
    join(folder, "package.json"),
    JSON.stringify({ name, type: "module", exports: "./index.js" }),
  );
  writeFileSync(join(folder, "index.js"), code);
}

it("finds what only the application has installed", async () => {
  install("waybill-only-here", "export const answer = 42;");
  expect(await loadPackage("waybill-only-here")).toMatchObject({ answer: 42 });
});

it("answers nothing for what nobody has installed, and throws what a package throws", async () => {
  expect(await loadPackage("waybill-nowhere")).toBeUndefined();
  install("waybill-broken", 'throw new Error("broken inside");');
  await expect(loadPackage("waybill-broken")).rejects.toThrow("broken inside");
});
