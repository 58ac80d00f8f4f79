import { parseArgs } from "node:util";
import { BROKERS, start } from "@waybill/brokers";
import { FULL, type Outcome } from "./site.ts";
import { table } from "./table.ts";
import { TRIALS } from "./trials/all.ts";

const USAGE = `Breaks brokers, connections and processes under load, and counts what was lost.

  npm run proof -- rabbitmq [--oldest] [--messages 20000]`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    oldest: { type: "boolean", default: false },
    messages: { type: "string", default: String(FULL.messages) },
    help: { type: "boolean", default: false },
  },
});
if (values.help || positionals.length === 0) console.log(USAGE);

for (const name of BROKERS.filter((broker) => positionals.includes(broker))) {
  const broker = await start(name, { isOldest: values.oldest });
  const site = { name: `${name}${values.oldest ? " oldest" : ""}`, broker };
  const outcomes: Outcome[] = [];
  try {
    for (const [trial, run] of Object.entries(TRIALS)) {
      process.stderr.write(`${site.name}: ${trial}\n`);
      outcomes.push(await run(site, { ...FULL, messages: Number(values.messages) }));
    }
  } finally {
    await broker.end();
  }
  console.log(table(site.name, outcomes));
  if (outcomes.some(({ broken }) => broken.length > 0)) process.exitCode = 1;
}
