import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { createBus, isMessagingError } from "@waybill/core";
import pc from "picocolors";
import { CustomerNotified, OrderPlaced, ProductDispatched } from "../03-buy-button-events/contracts.ts";
import { notifications } from "../03-buy-button-events/notifications.ts";
import { sales } from "../03-buy-button-events/sales.ts";
import { buy } from "../03-buy-button-events/shop.ts";
import { warehouse } from "../03-buy-button-events/warehouse.ts";
import { MessageJournal } from "./journal.ts";
import { readOrders, type BadLine, type Order } from "./orders.ts";
import { endQuietly } from "./pipes.ts";
import { progressLine } from "./progress.ts";
import { draw, trees } from "./tree.ts";

const USAGE = `Places orders and shows the messages that each order caused.

  npm run demo -- [--orders FILE] [--transport URL] [--limit N]
  npm run demo -- --web [--port N] [--transport URL]

  --orders FILE    CSV or JSON lines, with orderId (or order_id), address and optionally amount; - reads the standard input
  --transport URL  the broker; default: WAYBILL_TRANSPORT, else memory:
  --limit N        draws the trees of the first N orders; default: 5
  --web            serves a page with the BUY button instead
  --port N         the port of the page; default: 4600; 0 selects a free port
  --pace MS        how long each service of the page takes for a message; default: 350`;

/** The warehouse, the notifications and sales handle each order; the notifications also handle its dispatch. */
const HANDLED_PER_ORDER = 4;

/** The working directory of the user: npm runs a script in the folder of its package. */
const FOLDER = process.env["INIT_CWD"] ?? process.cwd();

async function demo(): Promise<void> {
  const { values } = parseArgs({
    options: {
      orders: { type: "string", default: fileURLToPath(new URL("orders.csv", import.meta.url)) },
      transport: { type: "string", default: process.env["WAYBILL_TRANSPORT"] ?? "memory:" },
      limit: { type: "string", default: "5" },
      web: { type: "boolean", default: false },
      port: { type: "string", default: "4600" },
      pace: { type: "string", default: "350" },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) return console.log(USAGE);
  if (values.web) {
    const { serve } = await import("./web/serve.ts");
    const [port, paceMs] = [whole("--port", values.port), whole("--pace", values.pace)];
    return serve({ transport: values.transport, port, paceMs });
  }
  const limit = whole("--limit", values.limit);
  const { orders, bad } = await read(values.orders);
  for (const line of complaints(bad)) console.error(pc.yellow(line));

  const journal = new MessageJournal();
  const write = (): void => undefined;
  const bus = await createBus({
    transport: values.transport,
    name: "shop",
    services: [warehouse(write), notifications(write), sales(write)],
    sends: [OrderPlaced, ProductDispatched, CustomerNotified],
    middleware: { incoming: [journal.incoming], outgoing: [journal.outgoing] },
  });
  await bus.start();
  await Promise.all(orders.map((order) => buy(bus, order)));
  await journal.until(
    orders.length * HANDLED_PER_ORDER,
    progressLine(orders.length * HANDLED_PER_ORDER, process.stderr),
  );
  await bus.stop();

  for (const tree of trees(journal.entries).slice(0, limit)) {
    const order = OrderPlaced.data.parse(tree.entry.envelope.data);
    console.log(`${pc.green(`order ${order.orderId}`)} to ${order.address}`);
    for (const line of draw(tree, pc)) console.log(`  ${line}`);
  }
  if (limit < orders.length)
    console.log(`\n${orders.length - limit} more orders; --limit ${orders.length} draws them all`);
  const total = orders.reduce((sum, { amount }) => sum + amount, 0);
  console.log(
    `\n${pc.bold("total")}: ${orders.length} orders worth ${total.toFixed(2)}, ${journal.entries.length} messages, handled ${journal.handled} times, ${bad.length} bad lines`,
  );
}

function whole(option: string, text: string): number {
  if (/^\d+$/.test(text)) return Number(text);
  throw new RangeError(`${option} is ${text}, which is not a whole number.`);
}

/** Returns one line for each bad line of the input. A column that is missing in many lines is named once. */
function complaints(bad: readonly BadLine[]): readonly string[] {
  const seen = new Map<string, number>();
  const lines: string[] = [];
  for (const { line, reason, missing } of bad) {
    const before = seen.get(reason);
    if (missing.length > 0) seen.set(reason, (before ?? -1) + 1);
    if (before === undefined) lines.push(`line ${line} is not an order: ${reason}`);
  }
  for (const [reason, more] of seen)
    if (more > 0)
      lines.push(`${more} more ${more === 1 ? "line is not an order" : "lines are not orders"}: ${reason}`);
  return lines;
}

async function read(file: string): Promise<{ orders: readonly Order[]; bad: readonly BadLine[] }> {
  const orders: Order[] = [];
  const bad: BadLine[] = [];
  for await (const line of readOrders(file, FOLDER)) {
    if ("order" in line) orders.push(line.order);
    else bad.push(line.bad);
  }
  return { orders, bad };
}

endQuietly(process.stdout);
endQuietly(process.stderr);
try {
  await demo();
} catch (error) {
  const isTheirs =
    error instanceof RangeError || isMessagingError(error) || (error instanceof Error && "code" in error);
  console.error(isTheirs ? `${error.message}\n\n${USAGE}` : error);
  process.exitCode = 1;
}
