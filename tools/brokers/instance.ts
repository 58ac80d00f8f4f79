import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { PortTaken, type Node, type Site, type Wanted } from "./broker.ts";
import { composeDown, composeLogs } from "./docker.ts";
import { isTaken } from "./ports.ts";
import { gone, isAlive, signal, start, stop, type Started } from "./processes.ts";
import { RECIPES } from "./recipes/all.ts";
import { forget, record, type Running } from "./state.ts";

/** How long a broker may take to start, and to stop. */
const START_MS = 60_000;
const STOP_MS = 15_000;
const PORT_MS = 3_000;

type RunningNode = Running["nodes"][number];

/** Starts the nodes that do not run, all at once, and resolves when all answer. @throws with the end of the log */
export async function startNodes(
  running: Running,
  which: readonly RunningNode[] = running.nodes,
): Promise<void> {
  const { programsOf } = RECIPES[running.broker];
  const site = siteOf(running);
  const programs = await Promise.all(
    which.map(async (node) => ({ node, all: await programsOf(node, site) })),
  );
  for (const { node, all } of programs) {
    // Who only listens is told apart from who answers as the broker would by nobody.
    const [port = 0] = node.ports;
    if (await staysTaken(port)) throw new PortTaken(node, port);
    node.processes = node.processes.filter(isAlive);
    for (const program of all) {
      node.processes.push(start(program));
      record(running); // before anything can go wrong with it
    }
  }
  await Promise.all(which.map((node) => answering(running, node)));
}

/** What the nodes of a broker share. */
export function siteOf({ home, nodes, config, listeners }: Running): Site {
  return { home, nodes, config, listeners };
}

/** The broker's own process of a node. */
export function serverOf({ id, processes }: RunningNode): Started {
  const server = processes.at(-1);
  if (server === undefined) throw new Error(`${id} does not run`);
  return server;
}

/** Stops the broker of a node in order; its helpers stay for when it comes back. */
export async function stopServer(node: RunningNode): Promise<void> {
  await stop(serverOf(node), STOP_MS);
  node.processes.pop();
}

/** Ends the broker of a node at once, as a power failure would. */
export async function killServer(node: RunningNode): Promise<void> {
  const server = serverOf(node);
  signal(server, "SIGKILL");
  await gone(server, STOP_MS);
  node.processes.pop();
}

/** Ends everything and forgets it, with all it stored. */
export async function end(running: Running): Promise<void> {
  if (running.isInDocker) await composeDown(wantedOf(running));
  // At once, and all together: nothing of it is needed any more, and some would wait for those that are gone already.
  const processes = running.nodes.flatMap((node) => node.processes);
  for (const each of processes) signal(each, "SIGKILL");
  await Promise.all(processes.map((each) => gone(each, STOP_MS)));
  for (const { folder } of running.nodes) rmSync(folder, { recursive: true, force: true });
  forget(running.name);
}

/** What it was made for. */
export function wantedOf({ broker, isOldest, nodes }: Running): Wanted {
  return { broker, isOldest, nodes: nodes.length };
}

/** The end of what each node wrote, by its name. */
export async function logsOf(running: Running): Promise<ReadonlyMap<string, string>> {
  const logs = running.nodes.map(async (node): Promise<readonly [string, string]> => {
    return [node.id, running.isInDocker ? await composeLogs(wantedOf(running)) : logOf(node)];
  });
  return new Map(await Promise.all(logs));
}

/** The end of what a node wrote. */
export function logOf({ folder }: Node): string {
  try {
    return readFileSync(join(folder, "log"), "utf8").slice(-20_000);
  } catch {
    return "";
  }
}

/** A process that was killed lets go of its ports a moment after it is gone. */
async function staysTaken(port: number): Promise<boolean> {
  const last = Date.now() + PORT_MS;
  while (await isTaken(port)) {
    if (Date.now() > last) return true;
    await pause(50);
  }
  return false;
}

async function answering({ broker, name }: Running, node: RunningNode): Promise<void> {
  const last = Date.now() + START_MS;
  const server = serverOf(node);
  while (!(await RECIPES[broker].answers(node))) {
    const isGone = await gone(server, 0);
    // It looks for its other ports itself, when somebody else may have been faster.
    const [, port] = (isGone && /:(\d+)\b.*address already in use/i.exec(logOf(node))) || [];
    if (port !== undefined) throw new PortTaken(node, Number(port));
    if (isGone || Date.now() > last) {
      const what = isGone ? "ended while it started" : `does not answer after ${START_MS / 1_000} s`;
      throw new Error(`${node.id} of ${name} ${what}. The end of its log:\n${logOf(node).slice(-2_000)}`);
    }
    await pause(100);
  }
}
