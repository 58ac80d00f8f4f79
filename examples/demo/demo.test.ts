import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const EXAMPLES = fileURLToPath(new URL("..", import.meta.url));
const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const ENV = { ...process.env, NO_COLOR: "1", FORCE_COLOR: undefined, WAYBILL_TRANSPORT: undefined };
const DEMO = ["--conditions=@waybill/source", "--import", "tsx", `${EXAMPLES}demo/main.ts`];

interface Ended {
  readonly out: string;
  readonly err: string;
  readonly code: number | null;
}

/** Runs the demo. */
function demo(args: readonly string[], input = ""): Promise<Ended> {
  return run(process.execPath, { args: [...DEMO, ...args], cwd: EXAMPLES, input });
}

interface Words {
  readonly args: readonly string[];
  readonly cwd: string;
  readonly input?: string;
}

function run(command: string, { args, cwd, input = "" }: Words): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, env: { ...ENV, INIT_CWD: undefined } });
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
  it("places the sample orders and draws the messages that each caused", async () => {
    const { out, err, code } = await demo(["--limit", "1"]);
    expect(err).toBe("");
    expect(code).toBe(0);
    expect(out).toMatchInlineSnapshot(`
      "order 12004 to 1 Streetford Road
        shop.order-placed from shop, handled by notifications, sales, warehouse
        ├─ notifications.customer-notified from notifications, handled by nobody yet
        └─ warehouse.product-dispatched from warehouse, handled by notifications
           └─ notifications.customer-notified from notifications, handled by nobody yet

      299 more orders; --limit 300 draws them all

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
    expect(err).toContain("line 2 is not an order");
    expect(err).toContain("line 4 is not an order: orderId:");
    expect(out).toContain("order 1 to 1 A Street");
    expect(out).toContain("2 orders worth 2.50, 8 messages, handled 8 times, 2 bad lines");
    const csv = await demo(
      ["--orders", "-"],
      '\uFEFForderId,address,amount\r\n7,"1, A Street",3\r\n8,short\r\n',
    );
    expect(csv.out).toContain("order 7 to 1, A Street");
    expect(csv.err).toContain("line 3 is not an order: 2 cells under 3 headings");
  });

  it("resolves the path of a file from the working directory of the user, through npm", async () => {
    const folder = mkdtempSync(join(tmpdir(), "orders-"));
    writeFileSync(join(folder, "orders.jsonl"), '{"order_id":5,"address":"5 E Street","at":"noon"}\n');
    const args = ["run", "--silent", "--prefix", ROOT, "demo", "--", "--orders", "orders.jsonl"];
    const { out, err } = await run("npm", { args, cwd: folder });
    expect(err).toBe("");
    expect(out).toContain("order 5 to 5 E Street");
    rmSync(folder, { recursive: true });
  });

  it("draws five trees by default", async () => {
    const { out } = await demo([]);
    expect(out.match(/^order /gm)).toHaveLength(5);
    expect(out).toContain("295 more orders; --limit 300 draws them all");
  });

  it("detects JSON lines or CSV from the beginning of the input", async () => {
    const json = await demo(["--orders", "-"], '[1,2]\nnonsense\n{"order_id":1,"address":"1 A Street"}\n');
    expect(json.err).toContain("line 1 is not an order: it is not a JSON object");
    expect(json.err).toContain("line 2 is not an order: Unexpected token");
    expect(json.out).toContain("1 orders worth 0.00, 4 messages, handled 4 times, 2 bad lines");
    const late = await demo(["--orders", "-"], '"order_id":1}\n{"order_id":2,"address":"2 B Street"}\n');
    expect(late.out).toContain("1 orders worth 0.00, 4 messages, handled 4 times, 1 bad lines");
    const csv = await demo(["--orders", "-"], 'address,order_id\n{"order_id":1},3\n"[4, 5]",4\n');
    expect(csv.err).toContain("line 2 is not an order");
    expect(csv.out).toContain("order 4 to [4, 5]");
  });

  it("names a missing column once, however many lines lack it", async () => {
    const json = await demo(["--orders", "-"], '{"id":1}\n{"id":2}\n{"id":3,"address":"3 C Street"}\n');
    expect(json.err).toBe(
      `line 1 is not an order: it has no orderId (or order_id), no address
line 3 is not an order: it has no orderId (or order_id)
1 more line is not an order: it has no orderId (or order_id), no address
`,
    );
    const csv = await demo(["--orders", "-"], "id,address\n1,1 A Street\n2,2 B Street\n");
    expect(csv.code).toBe(1);
    expect(csv.err).toContain("line 1 has no column orderId (or order_id): the headings are id,address");
  });

  it("accepts only decimal numbers", async () => {
    const lines = ['"0x10"', "true", '""', "null", "1.5", "-1", "[3]", '"7"'].map(
      (id) => `{"order_id":${id},"address":"1 A Street"}`,
    );
    const { out, err } = await demo(["--orders", "-"], lines.join("\n"));
    expect(out).toContain("1 orders worth 0.00, 4 messages, handled 4 times, 7 bad lines");
    expect(err).toContain("line 1 is not an order: order_id: ");
  });

  it("exits without an error when the reader of its output closes the pipe", async () => {
    const words = [process.execPath, ...DEMO, "--limit", "300"].map((word) => `'${word}'`).join(" ");
    const args = ["-o", "pipefail", "-c", `${words} | head -n 1`];
    expect(await run("bash", { args, cwd: EXAMPLES })).toEqual({
      out: "order 12004 to 1 Streetford Road\n",
      err: "",
      code: 0,
    });
  });

  it("reports a wrong option", async () => {
    const unknown = await demo(["--nonsense"]);
    expect(unknown.code).toBe(1);
    expect(unknown.err).toContain("npm run demo -- [--orders FILE]");
    expect((await demo(["--limit", "few"])).err).toContain("--limit is few");
    expect((await demo(["--orders", "nowhere.csv"])).err).toContain("nowhere.csv");
    expect((await demo(["--transport", "pigeon:"])).err).toContain("[unknown-transport]");
    expect((await demo(["--help"])).out).toContain("--limit N");
  });
});
