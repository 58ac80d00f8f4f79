import { Argument, Command, InvalidArgumentError } from "commander";
import { BROKERS, nameOf, type BrokerName, type BrokerSpec } from "./broker.ts";
import { logsOf } from "./instance.ts";
import { bringUp, isUp, takeDown, type LocatedBroker } from "./launcher.ts";
import { isAlive } from "./processes.ts";
import { RECIPES } from "./recipes/all.ts";
import { recorded } from "./state.ts";

interface Options {
  readonly oldest?: boolean;
  readonly cluster?: number;
  readonly json?: boolean;
}

const report = (text: string): void => void process.stderr.write(`${text}\n`);

/** `down`, `status` and `logs` without a name mean all recorded brokers; `up` means the brokers of the transports. */
const program = new Command("npm run brokers --").description(
  "Starts, stops and shows the brokers for tests.",
);

function command(name: string, description: string): Command {
  return program
    .command(name)
    .description(description)
    .addArgument(new Argument("[brokers...]", "which").choices([...BROKERS]));
}

command("up", "starts brokers that do not run, and prints their URLs")
  .option("--oldest", "the oldest supported version")
  .option("--cluster <nodes>", "several nodes", nodeCount)
  .option("--json", "prints JSON instead of shell exports")
  .action(async (brokers: readonly BrokerName[], options: Options) => {
    const names = brokers.length > 0 ? brokers : (["rabbitmq", "nats", "kafka"] as const);
    const found: Record<string, string> = {};
    for (const broker of names) {
      try {
        const { url, how } = await up({ ...spec(options), broker });
        found[RECIPES[broker].variable] = url;
        report(`${broker}: ${HOW[how]}`);
      } catch (error) {
        report(failure(error));
        process.exitCode = 1;
      }
    }
    if (options.json === true) console.log(JSON.stringify(found, undefined, 2));
    else for (const [variable, url] of Object.entries(found)) console.log(`export ${variable}='${url}'`);
  });

command("down", "stops brokers that this launcher started, and deletes their data")
  .option("--oldest", "the oldest supported version")
  .option("--cluster <nodes>", "several nodes", nodeCount)
  .action(async (brokers: readonly BrokerName[], options: Options) => {
    const names =
      brokers.length > 0 ? brokers.map((broker) => nameOf({ ...spec(options), broker })) : allRecorded();
    for (const name of names) report(`${name}: ${(await takeDown(name)) ? "stopped" : "was not running"}`);
  });

command("status", "shows recorded brokers and whether they answer")
  .option("--json", "as JSON")
  .action(async (brokers: readonly BrokerName[], options: Options) => {
    const shown: object[] = [];
    for (const running of recorded()) {
      if (brokers.length > 0 && !brokers.includes(running.broker)) continue;
      const { name, url, isInDocker } = running;
      const pids = running.nodes.flatMap(({ processes }) => processes.map(({ pid }) => pid));
      const isRunning = await isUp(running);
      shown.push({ name, isUp: isRunning, url, pids });
      const where = isInDocker ? "in Docker" : `pid ${pids.join(" ")}`;
      if (options.json !== true) console.log(`${name}  ${isRunning ? "up" : "DOWN"}  ${url}  ${where}`);
    }
    if (options.json === true) console.log(JSON.stringify(shown, undefined, 2));
  });

command("logs", "prints the end of the logs").action(async (brokers: readonly BrokerName[]) => {
  for (const running of recorded())
    if (brokers.length === 0 || brokers.includes(running.broker))
      for (const [node, log] of await logsOf(running)) console.log(`==> ${node}\n${log}`);
});

const HOW: Readonly<Record<LocatedBroker["how"], string>> = {
  environment: "uses the URL in the environment",
  running: "running already",
  docker: "runs in Docker",
  started: "started",
};

function up(each: BrokerSpec): Promise<LocatedBroker> {
  return bringUp(each, report);
}

function spec({ oldest, cluster }: Options): Omit<BrokerSpec, "broker"> {
  return { isOldest: oldest === true, nodes: cluster ?? 1 };
}

/** All recorded brokers but those of tests: each test ends its own. */
function allRecorded(): readonly string[] {
  return recorded()
    .filter(({ owner }) => owner === undefined || !isAlive(owner))
    .map(({ name }) => name);
}

function nodeCount(text: string): number {
  const count = Number(text);
  if (!Number.isInteger(count) || count < 1 || count > 9)
    throw new InvalidArgumentError("--cluster must be a number from 1 to 9.");
  return count;
}

/** Returns the message of an error and of its causes. */
function failure(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause === undefined ? error.message : `${error.message}\n  ${failure(error.cause)}`;
}

await program.parseAsync();
