import { serve } from "vitepress";
import { browserForTests, inaccessible, type Page } from "../tools/shared/browser.ts";

/** Reads the built site in a browser: pages exist, fit a phone and are accessible, and the search finds the standard terms. */
const PORT = 4737;
const PAGES = [
  "/",
  "/docs/tutorials/buy-button",
  "/docs/how-to/retries-and-dead-letters",
  "/docs/explanation/capabilities",
  "/docs/errors",
  "/docs/reference/@waybill/core/",
  "/docs/configuration",
  "/docs/how-to/kafka",
  "/GLOSSARY",
];
/** The terms that a reader searches for, and the page that explains each. */
const SEARCHES = [
  ["dead letter", "/docs/how-to/retries-and-dead-letters"],
  ["retry", "/docs/how-to/retries-and-dead-letters"],
  ["backoff", "/docs/how-to/retries-and-dead-letters"],
  ["poison message", "/docs/how-to/retries-and-dead-letters"],
  ["partition", "/docs/how-to/scale-out"],
  ["consumer group", "/docs/how-to/scale-out"],
  ["at-least-once", "/docs/explanation/at-least-once"],
  ["idempotency", "/docs/explanation/at-least-once"],
] as const;
const DESK = { width: 1280, height: 900 };
/** A common window size, and the longest line of our code. */
const WIDE = { width: 1440, height: 900 };
const LONGEST_LINE = 110;
const PHONE = { width: 375, height: 760 };

/** The number of blocks that are wider than their container. Output of a program may have longer lines than code. */
const CUT_BLOCKS = `[...document.querySelectorAll(".vp-doc :is(pre, table)")].filter((block) =>
  block.scrollWidth > block.clientWidth + 1 &&
  Math.max(...block.innerText.split("\\n").map((line) => line.length)) <= ${LONGEST_LINE}).length`;

/** Problems of the theme itself: the label of its search box, and missing landmarks on its front page. */
const THEMES = ["label-content-name-mismatch", "landmark-one-main", "region"];

const problems: string[] = [];
const browser = await browserForTests();
if (browser !== undefined) {
  await serve({ root: ".", port: PORT });
  const page = await browser.newPage({ viewport: DESK });
  page.setDefaultTimeout(15_000);
  page.on("pageerror", (error) => void problems.push(`${page.url()}: ${error.message}`));
  for (const path of PAGES) await read(page, path);
  for (const [words, wanted] of SEARCHES) await search(page, words, wanted);
  await browser.close();
}
for (const problem of problems) console.error(problem);
console.log(`${PAGES.length} pages read in a browser, ${problems.length} problems`);
process.exit(problems.length === 0 ? 0 : 1); // The preview server does not end by itself.

async function read(page: Page, path: string): Promise<void> {
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    const response = await page.goto(`http://localhost:${PORT}${path}`);
    if (response?.ok() !== true) problems.push(`${path}: ${response?.status() ?? "no answer"}`);
    await page.locator("h1").first().waitFor();
    problems.push(
      ...(await inaccessible(page, THEMES)).map((problem) => `${path}, ${colorScheme}: ${problem}`),
    );
    await picture(page, `${path}-${colorScheme}`);
  }
  await page.setViewportSize(WIDE);
  const cut = Number(await page.evaluate(CUT_BLOCKS));
  if (cut > 0) problems.push(`${path}: ${cut} blocks of code or tables are cut at ${WIDE.width} px`);
  await page.setViewportSize(PHONE);
  const width = Number(await page.evaluate("document.documentElement.scrollWidth"));
  if (width > PHONE.width) problems.push(`${path}: ${width} px wide on a phone of ${PHONE.width}`);
  await picture(page, `${path}-phone`);
  await page.setViewportSize(DESK);
}

async function search(page: Page, words: string, wanted: string): Promise<void> {
  await page.locator("#local-search button").first().click();
  await page.locator("#localsearch-input").fill(words);
  const found = page.locator(`#localsearch-list a[href^="${wanted}"]`).first();
  await found.waitFor().catch(() => void problems.push(`the search for ${words} does not find ${wanted}`));
  await picture(page, "search");
  await page.keyboard.press("Escape");
}

/** Saves a screenshot if WAYBILL_SCREENSHOTS names a folder. */
async function picture(page: Page, name: string): Promise<void> {
  const folder = process.env["WAYBILL_SCREENSHOTS"];
  if (folder !== undefined)
    await page.screenshot({ path: `${folder}/${name.replaceAll(/[^\w-]+/g, "_")}.png` });
}
