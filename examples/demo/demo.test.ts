import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const ROOT = fileURLToPath(new URL("..", import.meta.url));

/** Runs the demo as its users do. */
function demo(
  args: readonly string[],
  input = "",
): Promise<{ out: string; err: string; code: number | null }> {
  return new Promise((resolve, reject) => {
    const child = spawn(
      process.execPath,
      ["--conditions=@waybill/source", "--import", "tsx", "demo/main.ts", ...args],
      {
        cwd: ROOT,
        env: { ...process.env, NO_COLOR: "1", FORCE_COLOR: undefined, WAYBILL_TRANSPORT: undefined },
      },
    );
    let out = "";
    let err = "";
    child.stdout.on("data", (chunk: Buffer) => void (out += chunk.toString()));
    child.stderr.on("data", (chunk: Buffer) => void (err += chunk.toString()));
    child.on("error", reject);
    child.on("close", (code) => resolve({ out, err, code }));
    child.stdin.end(input);
  });
}

describe("the demo", { timeout: 120_000 }, () => {
  it("places the sample's orders and draws what each caused", async () => {
    const { out, err, code } = await demo(["--limit", "1"]);
    expect(err).toBe("");
    expect(code).toBe(0);
    expect(out).toMatchInlineSnapshot(`
      "order 12004 to 1 Streetford Road
        shop.order-placed from shop, handled by notifications, sales, warehouse
        ├─ notifications.customer-notified from notifications, handled by nobody yet
        └─ warehouse.product-dispatched from warehouse, handled by notifications
           └─ notifications.customer-notified from notifications, handled by nobody yet

      total: 300 orders worth 30125.62, 1200 messages, handled 1200 times, 0 bad lines
      "
    `);
  });

  it("reads JSON lines and CSV from a pipe, names bad lines and goes on", async () => {
    const { out, err, code } = await demo(
      ["--orders", "-"],
      '{"orderId":1,"address":"1 A Street"}\n{"orderId":\n\n{"orderId":"two","address":"2 B Street"}\n{"orderId":3,"address":"3 C Street","amount":2.5}\n',
    );
    expect(code).toBe(0);
    expect(err).toContain("line 2 is no order");
    expect(err).toContain("line 4 is no order: orderId:");
    expect(out).toContain("order 1 to 1 A Street");
    expect(out).toContain("2 orders worth 2.50, 8 messages, handled 8 times, 2 bad lines");
    const csv = await demo(
      ["--orders", "-"],
      '\uFEFForderId,address,amount\r\n7,"1, A Street",3\r\n8,short\r\n',
    );
    expect(csv.out).toContain("order 7 to 1, A Street");
    expect(csv.err).toContain("line 3 is no order: 2 cells under 3 headings");
  });

  it("says what is wrong with its words", async () => {
    const unknown = await demo(["--nonsense"]);
    expect(unknown.code).toBe(1);
    expect(unknown.err).toContain("npm run demo -- [--orders FILE]");
    expect((await demo(["--limit", "few"])).err).toContain("--limit is few");
    expect((await demo(["--orders", "nowhere.csv"])).err).toContain("nowhere.csv");
    expect((await demo(["--transport", "pigeon:"])).err).toContain("[unknown-transport]");
    expect((await demo(["--help"])).out).toContain("--limit N");
  });
});
