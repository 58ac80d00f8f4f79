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
 * A headless Chromium for one file of tests. In CI a missing one is installed with the system's package manager;
 * elsewhere that is said loudly and the tests are skipped: `undefined`.
 */
export async function browserForTests(): Promise<Browser | undefined> {
  let executablePath = found();
  if (executablePath === undefined && process.env["CI"] !== undefined) {
    for (const args of [["update"], ["install", "-y", "--no-install-recommends", "chromium"]])
      spawnSync("apt-get", args, { stdio: "inherit" });
    executablePath = found();
    if (executablePath === undefined)
      throw new Error("There is no Chromium here, and none can be installed.");
  }
  if (executablePath !== undefined) return chromium.launch({ executablePath, args: ["--no-sandbox"] });
  process.stderr.write("\n!!! NOT TESTED in a browser: no Chromium; WAYBILL_CHROMIUM says where one is\n\n");
  return undefined;
}

function found(): string | undefined {
  return PLACES.find((place) => place !== undefined && existsSync(place));
}

/**
 * What axe finds wrong with a page for people who cannot see it, or not well, or use no mouse: one line each.
 * @param except ids of rules that are not asked
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
