import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { start, type BrokerName, type OwnBroker } from "@waybill/brokers";
import { ROOT } from "../shared/files.ts";
import { onKafka } from "./kafka.ts";
import { onNats } from "./nats.ts";
import { onRabbitmq } from "./rabbitmq.ts";
import { STEPS, withStepBus } from "./steps.ts";

// Starts each broker, runs small applications on it one after the other, and writes the entities that each one
// creates, as the broker's own tools print them. With --check, only compares.
const TOPOLOGY_READERS: Partial<Record<BrokerName, (broker: OwnBroker) => Promise<readonly string[]>>> = {
  rabbitmq: onRabbitmq,
  nats: onNats,
  kafka: onKafka,
};

for (const [name, readTopology] of Object.entries(TOPOLOGY_READERS)) {
  const found = await created(name as BrokerName, readTopology);
  const folder = join(ROOT, "docs/explanation/topology");
  const file = join(folder, `${name}.txt`);
  if (!process.argv.includes("--check")) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(file, found);
  } else if (readFileSync(file, "utf8") !== found) {
    console.error(`${name} has another topology than ${file}: npm run topology`);
    process.exitCode = 1;
  }
  console.log(`${name}: ${found.split("\n").length} lines`);
}

async function created(
  name: BrokerName,
  readTopology: (broker: OwnBroker) => Promise<readonly string[]>,
): Promise<string> {
  const broker = await start(name);
  try {
    const known = new Set(await readTopology(broker));
    const blocks: string[] = [];
    for (const step of STEPS)
      await withStepBus(broker.url, step, async () => {
        const lines = (await readTopology(broker)).filter((line) => !known.has(line));
        for (const line of lines) known.add(line);
        blocks.push([`${step.title}:`, ...normalise(lines).map((line) => `  ${line}`)].join("\n"));
      });
    return `${blocks.join("\n\n")}\n`;
  } finally {
    await broker.end();
  }
}

/** Returns the lines sorted, with random parts replaced by a name and numbered entities merged into one line. */
function normalise(lines: readonly string[]): readonly string[] {
  const normalised = lines.map((line) =>
    line
      .replaceAll(/(waybill\.reply\.)[\w-]+/g, "$1<random>")
      .replaceAll(/(waybill\.delay\.)\d\d/g, "$1<bit>")
      .replace(/ (?:\*\.)*([01])\.#$/, " <that bit is $1>")
      .replace(/(?<=waybill\.delay.*x-message-ttl=)\d+/, "<100 ms for each unit of the bit>"),
  );
  return [...new Set(normalised)].toSorted();
}
