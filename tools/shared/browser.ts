import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import axe from "axe-core";
import { chromium, type Browser, type Page } from "playwright-core";

export type { Browser, Page } from "playwright-core";

const PLACES = [
  process.env["WAYBILL_CHROMIUM"],
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];

/**
 * Starts a headless Chromium for one test file. CI installs a missing one with the system's package manager; elsewhere
 * this prints a warning and returns `undefined`, and the tests are skipped.
 */
export async function browserForTests(): Promise<Browser | undefined> {
  let executablePath = found();
  if (executablePath === undefined && process.env["CI"] !== undefined) {
    for (const args of [["update"], ["install", "-y", "--no-install-recommends", "chromium"]])
      spawnSync("apt-get", args, { stdio: "inherit" });
    executablePath = found();
    if (executablePath === undefined) throw new Error("Chromium is missing and cannot be installed.");
  }
  if (executablePath !== undefined) return chromium.launch({ executablePath, args: ["--no-sandbox"] });
  process.stderr.write(
    "\n!!! NOT TESTED in a browser: Chromium is missing; set WAYBILL_CHROMIUM to its path\n\n",
  );
  return undefined;
}

function found(): string | undefined {
  return PLACES.find((place) => place !== undefined && existsSync(place));
}

/**
 * Returns the accessibility problems that axe finds on a page, one line each.
 * @param except ids of rules that are skipped
 */
export async function inaccessible(page: Page, except: readonly string[] = []): Promise<readonly string[]> {
  await page.evaluate(axe.source);
  const found = await page.evaluate(async () => {
    const { violations } = await (globalThis as unknown as { readonly axe: typeof axe }).axe.run();
    return violations.flatMap(({ id, help, nodes }) =>
      nodes.map(({ target }) => ({ id, text: `${id}: ${help}: ${target.join(" ")}` })),
    );
  });
  return found.filter(({ id }) => !except.includes(id)).map(({ text }) => text);
}
