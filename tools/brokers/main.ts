import { Argument, Command, InvalidArgumentError } from "commander";
import { BROKERS, nameOf, type BrokerName, type Wanted } from "./broker.ts";
import { logsOf } from "./instance.ts";
import { bringUp, isUp, takeDown, type Found } from "./launcher.ts";
import { isAlive } from "./processes.ts";
import { RECIPES } from "./recipes/all.ts";
import { recorded } from "./state.ts";

interface Options {
  readonly oldest?: boolean;
  readonly cluster?: number;
  readonly json?: boolean;
}

const tell = (text: string): void => void process.stderr.write(`${text}\n`);

/** `down`, `status` and `logs` without a name mean everything that is recorded; `up` means the brokers of the transports. */
const program = new Command("npm run brokers --").description(
  "Starts, stops and shows the brokers of the tests.",
);

function command(name: string, description: string): Command {
  return program
    .command(name)
    .description(description)
    .addArgument(new Argument("[brokers...]", "which").choices([...BROKERS]));
}

command("up", "starts what does not run, and prints where it is")
  .option("--oldest", "the oldest supported version")
  .option("--cluster <nodes>", "several nodes", nodeCount)
  .option("--json", "prints JSON instead of shell exports")
  .action(async (brokers: readonly BrokerName[], options: Options) => {
    const names = brokers.length > 0 ? brokers : (["rabbitmq", "nats", "kafka"] as const);
    const found: Record<string, string> = {};
    for (const broker of names) {
      try {
        const { url, how } = await up({ ...wanted(options), broker });
        found[RECIPES[broker].variable] = url;
        tell(`${broker}: ${HOW[how]}`);
      } catch (error) {
        tell(failure(error));
        process.exitCode = 1;
      }
    }
    if (options.json === true) console.log(JSON.stringify(found, undefined, 2));
    else for (const [variable, url] of Object.entries(found)) console.log(`export ${variable}='${url}'`);
  });

command("down", "stops what this launcher started, and removes what it stored")
  .option("--oldest", "the oldest supported version")
  .option("--cluster <nodes>", "several nodes", nodeCount)
  .action(async (brokers: readonly BrokerName[], options: Options) => {
    const names =
      brokers.length > 0 ? brokers.map((broker) => nameOf({ ...wanted(options), broker })) : everything();
    for (const name of names) tell(`${name}: ${(await takeDown(name)) ? "stopped" : "was not running"}`);
  });

command("status", "tells what is recorded and whether it answers")
  .option("--json", "as JSON")
  .action(async (brokers: readonly BrokerName[], options: Options) => {
    const shown: object[] = [];
    for (const running of recorded()) {
      if (brokers.length > 0 && !brokers.includes(running.broker)) continue;
      const { name, url, isInDocker } = running;
      const pids = running.nodes.flatMap(({ processes }) => processes.map(({ pid }) => pid));
      const isThere = await isUp(running);
      shown.push({ name, isUp: isThere, url, pids });
      const where = isInDocker ? "in Docker" : `pid ${pids.join(" ")}`;
      if (options.json !== true) console.log(`${name}  ${isThere ? "up" : "DOWN"}  ${url}  ${where}`);
    }
    if (options.json === true) console.log(JSON.stringify(shown, undefined, 2));
  });

command("logs", "prints the end of what they wrote").action(async (brokers: readonly BrokerName[]) => {
  for (const running of recorded())
    if (brokers.length === 0 || brokers.includes(running.broker))
      for (const [node, log] of await logsOf(running)) console.log(`==> ${node}\n${log}`);
});

const HOW: Readonly<Record<Found["how"], string>> = {
  environment: "taken from the environment",
  running: "running already",
  docker: "started by Docker",
  started: "started",
};

function up(each: Wanted): Promise<Found> {
  return bringUp(each, tell);
}

function wanted({ oldest, cluster }: Options): Omit<Wanted, "broker"> {
  return { isOldest: oldest === true, nodes: cluster ?? 1 };
}

/** All but what a test has for itself, which ends it. */
function everything(): readonly string[] {
  return recorded()
    .filter(({ owner }) => owner === undefined || !isAlive(owner))
    .map(({ name }) => name);
}

function nodeCount(text: string): number {
  const count = Number(text);
  if (!Number.isInteger(count) || count < 1 || count > 9)
    throw new InvalidArgumentError("A cluster has 1 to 9 nodes.");
  return count;
}

/** What happened, and what was under it. */
function failure(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause === undefined ? error.message : `${error.message}\n  ${failure(error.cause)}`;
}

await program.parseAsync();
