import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdirSync } from "node:fs";
import { request, type OutgoingHttpHeaders } from "node:http";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it, onTestFailed } from "vitest";
import { browserForTests, inaccessible, type Browser, type Page } from "../../../tools/shared/browser.ts";

const EXAMPLES = fileURLToPath(new URL("../..", import.meta.url));
/** `npm run docs:screenshots` takes the pictures of the pages again. */
const PICTURES =
  process.env["WAYBILL_SCREENSHOTS"] === undefined
    ? undefined
    : fileURLToPath(new URL("../../../docs/public/demo", import.meta.url));

/** WAYBILL_TRANSPORT selects a broker for the same test. */
const TRANSPORT = process.env["WAYBILL_TRANSPORT"] ?? "memory:";
const DESK = { width: 1280, height: 900 };
const PHONE = { width: 390, height: 760 };

const browser = await browserForTests();

describe.skipIf(browser === undefined)("the page of the demo", { timeout: 60_000 }, () => {
  let demo: Demo;
  let page: Page;
  const complaints: string[] = [];

  beforeAll(async () => {
    demo = await startDemo();
    page = await open(browser, demo.url);
    page.on("console", (message) => void (message.type() === "error" && complaints.push(message.text())));
    page.on("pageerror", (error) => void complaints.push(error.message));
  }, 60_000);

  afterAll(async () => {
    await browser?.close();
    await demo.end();
  }, 60_000);

  it("places an order by keyboard, and draws the messages that the order caused", async () => {
    await page.getByRole("button", { name: "BUY", exact: true }).focus();
    await page.keyboard.press("Enter");
    await state(12004, "handled");
    expect(await treeOf(12004)).toEqual([
      "shop.order-placed",
      "  notifications.customer-notified",
      "  warehouse.product-dispatched",
      "    notifications.customer-notified",
    ]);
    expect(await receiptsOf(12004)).toEqual([
      "notifications did it",
      "notifications did it",
      "sales did it",
      "warehouse did it",
    ]);
  });

  it("stops a service, which handles the waiting messages when it runs again", async () => {
    await press("Stop sales");
    await page.getByRole("button", { name: "Start sales" }).waitFor();
    await press("BUY");
    await press("BUY");
    await page.locator('[data-order="12006"] header .state', { hasText: /^waits for sales$/ }).waitFor();
    await page.locator('[data-order="12005"] header .state', { hasText: /^waits for sales$/ }).waitFor();
    expect(await receiptsOf(12006)).toContain("waits for sales");
    expect(await receiptsOf(12006)).toContain("warehouse did it");
    expect(await row("sales").textContent()).toContain("stopped, 2 waiting");
    await picture("events");
    await picture("events", "dark");
    await press("Start sales");
    await state(12005, "handled");
    await state(12006, "handled");
    expect(await row("sales").textContent()).not.toContain("waiting");
  });

  it("makes a handler fail until its message is a dead letter, and replays it", async () => {
    await press("Make warehouse fail");
    await press("BUY");
    await state(12007, "dead");
    const letter = page.locator(".letter");
    await letter.waitFor();
    expect(await letter.textContent()).toContain("Order 12007, given up by warehouse after 4 tries");
    expect(await receiptsOf(12007)).toContain("dead letter of warehouse, 4 tries");
    await picture("dead-letter");
    await picture("dead-letter", "phone");
    await press("Mend warehouse");
    await page.getByRole("button", { name: /^Replay / }).click();
    await letter.waitFor({ state: "detached" });
    await state(12007, "handled");
    expect(await receiptsOf(12007)).toContain("warehouse did it, try 5");
  });

  it("shows the cost of commands: the shop waits for the warehouse", async () => {
    await page.getByRole("radio", { name: "Events" }).focus();
    await page.keyboard.press("ArrowLeft");
    await row("texter").waitFor();
    await press("Stop warehouse");
    await page.getByRole("button", { name: "Start warehouse" }).waitFor();
    await press("BUY");
    await order(12008).getByText("waits for the warehouse").waitFor();
    await order(12008).locator(".receipt", { hasText: "waits for warehouse" }).waitFor();
    expect(await treeOf(12008)).toEqual(["warehouse.dispatch-product"]);
    await picture("commands");
    await press("Start warehouse");
    await state(12008, "handled");
    expect(await treeOf(12008)).toEqual([
      "mailer.send-email",
      "sales.record-sale",
      "texter.send-text",
      "warehouse.dispatch-product",
      "  warehouse.dispatch-product.reply",
    ]);
  });

  it("sends a reconnected page the whole state again", async () => {
    await page.reload();
    await state(12008, "handled");
    expect(await page.locator(".order").count()).toBe(5);
  });

  it("is accessible in light and dark, and on a phone", async () => {
    for (const colorScheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme });
      expect(await inaccessible(page)).toEqual([]);
    }
    await page.setViewportSize(PHONE);
    expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(PHONE.width);
    expect(await inaccessible(page)).toEqual([]);
    await page.setViewportSize(DESK);
  });

  it("shows the order that BUY made, and hides no words behind the button on a phone", async () => {
    await page.setViewportSize(PHONE);
    await page.emulateMedia({ reducedMotion: "reduce" });
    await page.evaluate("scrollTo(0, 0)");
    await press("BUY");
    await order(12009).waitFor();
    await page.waitForFunction(
      "document.querySelector('[data-order=\"12009\"]').getBoundingClientRect().top < innerHeight / 2",
    );
    await page.evaluate("scrollTo(0, document.body.scrollHeight)");
    expect(await page.evaluate(WORDS_BEHIND_THE_BUTTON)).toEqual([]);
    await page.setViewportSize(DESK);
  });

  it.each([
    ["a foreign host", { host: "evil.example" }, 403],
    ["a foreign origin", { origin: "https://evil.example" }, 403],
    ["its own page", { origin: undefined }, 202],
  ])("answers a command from %s", async (_, headers, status) => {
    expect(await statusOf("/events/orders?count=1", "POST", headers)).toBe(status);
  });

  it("accepts only plain decimal numbers, and serves its own icon", async () => {
    for (const count of ["0x10", "1e1", "-1", "", "21"])
      expect(await statusOf(`/events/orders?count=${count}`, "POST")).toBe(400);
    expect(await statusOf("/favicon.ico")).toBe(200);
  });

  /** Sends a request with headers that no browser lets a page set. */
  function statusOf(path: string, method = "GET", headers: OutgoingHttpHeaders = {}): Promise<number> {
    return new Promise((resolve, reject) => {
      const given = Object.fromEntries(Object.entries(headers).filter(([, value]) => value !== undefined));
      request(new URL(path, demo.url), { method, headers: given }, (response) => {
        response.resume();
        resolve(response.statusCode ?? 0);
      })
        .on("error", reject)
        .end();
    });
  }

  it("shows the transport without its password, and no error occurred", async () => {
    expect(await page.locator("#broker").textContent()).toBe(TRANSPORT.replace(/\/\/.*@/, "//"));
    expect(await page.locator("#explanation").textContent()).toContain("topic shop.order-placed");
    expect(complaints).toEqual([]);
  });

  const order = (orderId: number) => page.locator(`[data-order="${orderId}"]`);
  const row = (service: string) => page.locator(`#services [data-service="${service}"]`);
  const press = (name: string): Promise<void> => page.getByRole("button", { name, exact: true }).click();
  const receiptsOf = async (orderId: number): Promise<readonly string[]> =>
    (await order(orderId).locator(".receipt").allTextContents()).toSorted();

  async function state(orderId: number, wanted: string): Promise<void> {
    const told = async (): Promise<void> =>
      void process.stderr.write(`order ${orderId}: ${await order(orderId).innerText()}\n`);
    onTestFailed(told);
    await page.locator(`[data-order="${orderId}"][data-state="${wanted}"]`).waitFor();
  }

  /** The types, each below its cause; siblings by name, for no broker decides who is first. */
  async function treeOf(orderId: number): Promise<readonly string[]> {
    const lines = async (list: ReturnType<Page["locator"]>, indent: string): Promise<string[]> => {
      const branches = await Promise.all(
        (await list.locator(":scope > li").all()).map(async (item) => [
          indent + ((await item.locator(":scope > .message > code").textContent()) ?? ""),
          ...((await item.locator(":scope > .tree").count()) === 0
            ? []
            : await lines(item.locator(":scope > .tree"), `${indent}  `)),
        ]),
      );
      return branches.toSorted((a, b) => a.join().localeCompare(b.join())).flat();
    };
    return lines(order(orderId).locator(":scope > .tree"), "");
  }

  async function picture(name: string, look: "light" | "dark" | "phone" = "light"): Promise<void> {
    if (PICTURES === undefined) return;
    mkdirSync(PICTURES, { recursive: true });
    await page.emulateMedia({ reducedMotion: "reduce", colorScheme: look === "dark" ? "dark" : "light" });
    await page.setViewportSize(look === "phone" ? PHONE : DESK);
    await page.evaluate(
      look === "phone" ? "document.querySelector('.board').scrollIntoView()" : "scrollTo(0, 0)",
    );
    await page.screenshot({ path: `${PICTURES}/${name}-${look}.png` });
    await page.setViewportSize(DESK);
  }
});

/** At the end of the page: every text whose box the bar of the button lies on. */
const WORDS_BEHIND_THE_BUTTON = `(() => {
  const bar = document.querySelector(".press").getBoundingClientRect();
  const texts = document.createTreeWalker(document.querySelector("main"), NodeFilter.SHOW_TEXT);
  const covered = [];
  while (texts.nextNode()) {
    const range = document.createRange();
    range.selectNode(texts.currentNode);
    const { width, height, bottom } = range.getBoundingClientRect();
    const isOfTheBar = texts.currentNode.parentElement.closest(".press, .unseen") !== null;
    if (width > 0 && height > 0 && bottom > bar.top && !isOfTheBar) covered.push(texts.currentNode.data);
  }
  return covered;
})()`;

interface Demo {
  readonly url: string;
  end(): Promise<void>;
}

/** Starts the demo as its users do, on a port of its own. */
async function startDemo(): Promise<Demo> {
  const child: ChildProcess = spawn(
    process.execPath,
    [
      "--conditions=@waybill/source",
      "--import",
      "tsx",
      "demo/main.ts",
      "--web",
      "--port",
      "0",
      "--pace",
      "30",
    ],
    {
      cwd: EXAMPLES,
      env: { ...process.env, NO_COLOR: "1", FORCE_COLOR: undefined, WAYBILL_TRANSPORT: TRANSPORT },
      stdio: ["ignore", "pipe", "inherit"],
    },
  );
  const closed = once(child, "close");
  const url = await new Promise<string>((resolve, reject) => {
    if (child.stdout !== null)
      createInterface({ input: child.stdout }).on("line", (line) => {
        const found = /http:\/\/\S+/.exec(line)?.[0];
        if (found !== undefined) resolve(found);
      });
    child.on("close", () => reject(new Error("The demo ended before it said where it is.")));
  });
  return {
    url,
    async end() {
      child.kill("SIGTERM");
      await closed;
    },
  };
}

async function open(started: Browser | undefined, url: string): Promise<Page> {
  if (started === undefined) throw new Error("There is no browser.");
  const page = await started.newPage({ viewport: DESK });
  page.setDefaultTimeout(15_000);
  await page.goto(url);
  await page.locator('#link[data-state="live"]').waitFor();
  return page;
}
