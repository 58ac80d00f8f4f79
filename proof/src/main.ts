import { existsSync } from "node:fs";
import { parseArgs } from "node:util";
import { BROKERS, start, type BrokerName } from "@waybill/brokers";
import { FULL, type Outcome, type Site } from "./site.ts";
import { table } from "./table.ts";
import { TRIALS } from "./trials/all.ts";

const USAGE = `Breaks brokers, connections and processes under load, and counts what was lost.

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
  const site: Site = {
    name: `${name}${values.oldest ? " oldest" : ""}`,
    broker,
    ...(await pathThroughProxy(name)),
  };
  const outcomes: Outcome[] = [];
  try {
    for (const [trial, run] of Object.entries(TRIALS)) {
      if (!trial.includes(values.only)) continue;
      process.stderr.write(`${site.name}: ${trial}\n`);
      outcomes.push(await run(site, { ...FULL, messages: Number(values.messages) }));
    }
  } finally {
    await broker.end();
  }
  console.log(table(site.name, outcomes));
  if (outcomes.some(({ broken }) => broken.length > 0)) process.exitCode = 1;
}

/** How an adapter is led through a proxy, where its URL is not enough: its proof says it. */
async function pathThroughProxy(name: BrokerName): Promise<Pick<Site, "transportAt">> {
  const file = new URL(`../../packages/${name}/proof/transport-at.ts`, import.meta.url);
  return existsSync(file) ? ((await import(file.href)) as Pick<Site, "transportAt">) : {};
}
