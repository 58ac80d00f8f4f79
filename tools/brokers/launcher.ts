import { join } from "node:path";
import { PortTaken, nameOf, type BrokerSpec } from "./broker.ts";
import { composeUp, dockerAnswers } from "./docker.ts";
import { end, startNodes } from "./instance.ts";
import { has } from "./install.ts";
import { locked } from "./lock.ts";
import { HOME, instanceFolder } from "./paths.ts";
import { freePorts } from "./ports.ts";
import { isAlive, type Started } from "./processes.ts";
import { RECIPES } from "./recipes/all.ts";
import { record, recorded, type Running } from "./state.ts";

/** How many sets of ports are tried, because other programs may take a free port first. */
const MAX_TRIES = 5;

/** Reports progress to the user; downloads take a while. */
export type Report = (text: string) => void;

/** The address of a broker, and how it was obtained. */
export interface LocatedBroker {
  readonly url: string;
  readonly how: "environment" | "running" | "docker" | "started";
  /** Absent for a broker that tests must not break. */
  readonly running: Running | undefined;
}

/**
 * Returns a running broker: from the URL in the environment, already running, from Docker, from programs on the path,
 * or installed from packages, in this order. @throws with advice if none is possible
 */
export async function bringUp(spec: BrokerSpec, report: Report): Promise<LocatedBroker> {
  const url = process.env[RECIPES[spec.broker].variable];
  if (url !== undefined && url !== "" && !spec.isOldest)
    return { url, how: "environment", running: undefined };
  const name = nameOf(spec);
  return locked(lockOf(name), () => findOrStart(spec, { name, report }));
}

async function findOrStart(
  spec: BrokerSpec,
  { name, report }: Pick<Launch, "name" | "report">,
): Promise<LocatedBroker> {
  await removeOrphans(report);
  const running = recorded().find((each) => each.name === name);
  if (running !== undefined && (await isUp(running))) return { url: running.url, how: "running", running };
  if (running !== undefined) {
    report(`${name} is recorded but does not answer; its processes and data are removed`);
    await end(running);
  }
  if (spec.nodes === 1 && (await dockerAnswers())) {
    try {
      report(`${name} starts in Docker`);
      const started = await inDocker(spec);
      return { url: started.url, how: "docker", running: started };
    } catch (error) {
      report(`${name} cannot run in Docker, so it starts without Docker: ${String(error)}`);
    }
  }
  const started = await launch(spec, { name, report, owner: undefined, config: [], listeners: [] });
  return { url: started.url, how: "started", running: started };
}

export interface Launch {
  readonly name: string;
  readonly report: Report;
  readonly owner: Started | undefined;
  /** Lines to append to the broker's configuration file. */
  readonly config: readonly string[];
  /** The protocols of further listeners. */
  readonly listeners: readonly string[];
}

/** Starts a new broker, even if one with the same spec runs. @throws with advice if it cannot start */
export async function launch(spec: BrokerSpec, launching: Launch): Promise<Running> {
  const home = await homeOf(spec, launching);
  for (let tries = 1; ; tries++) {
    try {
      return await launchAt(spec, { ...launching, home });
    } catch (error) {
      // Another program took a port that was free a moment ago; the next try uses other ports.
      if (!(error instanceof PortTaken) || tries === MAX_TRIES) throw error;
      launching.report(`${error.message} Trying other ports.`);
    }
  }
}

/** Returns the folder of the broker's programs; `undefined` for programs on the path. */
async function homeOf(spec: BrokerSpec, { name, report }: Launch): Promise<string | undefined> {
  const recipe = RECIPES[spec.broker];
  const isNative = !spec.isOldest && recipe.programs.length > 0 && (await all(recipe.programs.map(has)));
  if (isNative) return undefined;
  report(
    `${name}: installing ${spec.broker} ${recipe.version(spec.isOldest)}, unless it is already in the cache`,
  );
  try {
    return await recipe.install(spec.isOldest);
  } catch (error) {
    throw new Error(`${name} cannot be installed. ${recipe.advice} Or set ${recipe.variable}.`, {
      cause: error,
    });
  }
}

async function launchAt(
  spec: BrokerSpec,
  { name, report, owner, config, listeners, home }: Launch & { readonly home: string | undefined },
): Promise<Running> {
  const recipe = RECIPES[spec.broker];
  const each = recipe.ports + listeners.length;
  const ports = await freePorts(each * spec.nodes);
  const nodes = Array.from({ length: spec.nodes }, (_, at) => {
    const id = `${name}-${at + 1}`;
    const own = ports.slice(at * each, (at + 1) * each);
    return { id, folder: instanceFolder(id), ports: own, processes: [] };
  });
  const running: Running = {
    name,
    ...spec,
    ...(owner && { owner }),
    ...(home && { home }),
    isInDocker: false,
    url: recipe.url(nodes),
    config,
    listeners,
    nodes,
  };
  record(running);
  report(`${name}: starting ${spec.nodes === 1 ? "" : `${spec.nodes} nodes `}on ${running.url}`);
  try {
    await startNodes(running);
  } catch (error) {
    await end(running);
    throw error;
  }
  return running;
}

/** Ends the recorded broker with this name; returns false if none is recorded. */
export async function takeDown(name: string): Promise<boolean> {
  return locked(lockOf(name), async () => {
    const running = recorded().find((each) => each.name === name);
    if (running !== undefined) await end(running);
    return running !== undefined;
  });
}

/** Removes the brokers of tests that died without ending them. */
export async function removeOrphans(report: Report): Promise<void> {
  for (const running of recorded()) {
    if (running.owner === undefined || isAlive(running.owner)) continue;
    report(`${running.name} was left behind by a test and is removed`);
    await end(running);
  }
}

/** Returns whether every node runs and answers. */
export async function isUp({ broker, nodes, isInDocker }: Running): Promise<boolean> {
  return all(
    nodes.map(async (node) => {
      const server = node.processes.at(-1);
      const hasProcess = isInDocker || (server !== undefined && isAlive(server));
      return hasProcess && RECIPES[broker].answers(node);
    }),
  );
}

async function inDocker(spec: BrokerSpec): Promise<Running> {
  const name = nameOf(spec);
  const port = await composeUp(spec);
  const nodes = [{ id: `${name}-1`, folder: instanceFolder(`${name}-1`), ports: [port], processes: [] }];
  const url = RECIPES[spec.broker].url(nodes);
  const running: Running = { name, ...spec, isInDocker: true, url, config: [], listeners: [], nodes };
  record(running);
  return running;
}

const lockOf = (name: string): string => join(HOME, "locks", name);

async function all(answers: readonly Promise<boolean>[]): Promise<boolean> {
  return (await Promise.all(answers)).every(Boolean);
}
