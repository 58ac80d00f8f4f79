import { existsSync } from "node:fs";
import { parseArgs } from "node:util";
import { BROKERS, start, type BrokerName } from "@waybill/brokers";
import { FULL, type Outcome, type Target } from "./target.ts";
import { table } from "./table.ts";
import { CHAOS_TESTS } from "./chaos-tests/all.ts";

const USAGE = `Runs chaos tests: breaks brokers, connections and processes under load and counts the lost messages.

  npm run proof -- rabbitmq [--oldest] [--messages 20000] [--only "join and leave"]`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    oldest: { type: "boolean", default: false },
    messages: { type: "string", default: String(FULL.messages) },
    only: { type: "string", default: "" },
    help: { type: "boolean", default: false },
  },
});
if (values.help || positionals.length === 0) console.log(USAGE);

for (const name of BROKERS.filter((broker) => positionals.includes(broker))) {
  const broker = await start(name, { isOldest: values.oldest });
  const target: Target = {
    name: `${name}${values.oldest ? " oldest" : ""}`,
    broker,
    ...(await pathThroughProxy(name)),
  };
  const outcomes: Outcome[] = [];
  try {
    for (const [test, run] of Object.entries(CHAOS_TESTS)) {
      if (!test.includes(values.only)) continue;
      process.stderr.write(`${target.name}: ${test}\n`);
      outcomes.push(await run(target, { ...FULL, messages: Number(values.messages) }));
    }
  } finally {
    await broker.end();
  }
  console.log(table(target.name, outcomes));
  if (outcomes.some(({ violations }) => violations.length > 0)) process.exitCode = 1;
}

/** Returns the adapter's way to connect through a proxy, for an adapter that needs more than another URL. */
async function pathThroughProxy(name: BrokerName): Promise<Pick<Target, "transportAt">> {
  const file = new URL(`../../packages/${name}/proof/transport-at.ts`, import.meta.url);
  return existsSync(file) ? ((await import(file.href)) as Pick<Target, "transportAt">) : {};
}
