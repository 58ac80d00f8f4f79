import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import type { Node } from "./broker.ts";
import { gone, isAlive, signal, start, stop, type Started } from "./processes.ts";
import { RECIPES } from "./recipes/all.ts";
import { forget, record, type Running } from "./state.ts";

/** How long a broker may take to start, and to stop. */
const START_MS = 60_000;
const STOP_MS = 15_000;

type RunningNode = Running["nodes"][number];

/** Starts the nodes that do not run, all at once, and resolves when all answer. @throws with the end of the log */
export async function startNodes(
  running: Running,
  which: readonly RunningNode[] = running.nodes,
): Promise<void> {
  const { programsOf } = RECIPES[running.broker];
  const site = { home: running.home, nodes: running.nodes, config: running.config };
  const programs = await Promise.all(
    which.map(async (node) => ({ node, all: await programsOf(node, site) })),
  );
  for (const { node, all } of programs) {
    node.processes = node.processes.filter(isAlive);
    for (const program of all) {
      node.processes.push(start(program));
      record(running); // before anything can go wrong with it
    }
  }
  await Promise.all(which.map((node) => answering(running, node)));
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

/** Stops everything and forgets it, with all it stored. */
export async function end(running: Running): Promise<void> {
  for (const { processes } of running.nodes)
    for (const process of processes.toReversed()) await stop(process, STOP_MS);
  for (const { folder } of running.nodes) rmSync(folder, { recursive: true, force: true });
  forget(running.name);
}

/** The end of what a node wrote. */
export function logOf({ folder }: Node): string {
  try {
    return readFileSync(join(folder, "log"), "utf8").slice(-20_000);
  } catch {
    return "";
  }
}

async function answering({ broker, name }: Running, node: RunningNode): Promise<void> {
  const last = Date.now() + START_MS;
  const server = serverOf(node);
  while (!(await RECIPES[broker].answers(node))) {
    const isGone = await gone(server, 0);
    if (isGone || Date.now() > last) {
      const what = isGone ? "ended while it started" : `does not answer after ${START_MS / 1_000} s`;
      throw new Error(`${node.id} of ${name} ${what}. The end of its log:\n${logOf(node).slice(-2_000)}`);
    }
    await pause(100);
  }
}
