import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { PortTaken, type Node, type Cluster, type BrokerSpec } from "./broker.ts";
import { composeDown, composeLogs } from "./docker.ts";
import { isTaken } from "./ports.ts";
import { hasExited, isAlive, signal, start, stop, type Started } from "./processes.ts";
import { RECIPES } from "./recipes/all.ts";
import { forget, record, type Running } from "./state.ts";

/** The longest start and the longest stop of a broker. */
const START_MS = 60_000;
const STOP_MS = 15_000;
const PORT_MS = 3_000;

type RunningNode = Running["nodes"][number];

/** Starts the nodes that do not run, all at once; resolves when all answer. @throws with the end of the log */
export async function startNodes(
  running: Running,
  which: readonly RunningNode[] = running.nodes,
): Promise<void> {
  const { programsOf } = RECIPES[running.broker];
  const cluster = clusterOf(running);
  const programs = await Promise.all(
    which.map(async (node) => ({ node, all: await programsOf(node, cluster) })),
  );
  for (const { node, all } of programs) {
    // Without this check, a foreign program on the port would count as the broker as soon as it answers like one.
    const [port = 0] = node.ports;
    if (await staysTaken(port)) throw new PortTaken(node, port);
    node.processes = node.processes.filter(isAlive);
    for (const program of all) {
      node.processes.push(start(program));
      record(running); // Recorded before the next program can fail to start, so that this one is stopped later.
    }
  }
  await Promise.all(which.map((node) => untilAnswers(running, node)));
}

/** Returns the settings that the nodes of a broker share. */
export function clusterOf({ home, nodes, config, listeners }: Running): Cluster {
  return { home, nodes, config, listeners };
}

/** Returns the broker's own process of a node. */
export function serverOf({ id, processes }: RunningNode): Started {
  const server = processes.at(-1);
  if (server === undefined) throw new Error(`${id} is not running`);
  return server;
}

/** Stops the broker process of a node in order; helper processes keep running until it starts again. */
export async function stopServer(node: RunningNode): Promise<void> {
  await stop(serverOf(node), STOP_MS);
  node.processes.pop();
}

/** Kills the broker process of a node, like a power failure. */
export async function killServer(node: RunningNode): Promise<void> {
  const server = serverOf(node);
  signal(server, "SIGKILL");
  await hasExited(server, STOP_MS);
  node.processes.pop();
}

/** Kills all processes of a broker and deletes its data and its record. */
export async function end(running: Running): Promise<void> {
  if (running.isInDocker) await composeDown(specOf(running));
  // All at once with SIGKILL: in an orderly stop, some processes would wait for others that are already gone.
  const processes = running.nodes.flatMap((node) => node.processes);
  for (const each of processes) signal(each, "SIGKILL");
  await Promise.all(processes.map((each) => hasExited(each, STOP_MS)));
  for (const { folder } of running.nodes) rmSync(folder, { recursive: true, force: true });
  forget(running.name);
}

/** Returns the spec that the broker was started with. */
export function specOf({ broker, isOldest, nodes }: Running): BrokerSpec {
  return { broker, isOldest, nodes: nodes.length };
}

/** Returns the end of each node's log, by the name of the node. */
export async function logsOf(running: Running): Promise<ReadonlyMap<string, string>> {
  const logs = running.nodes.map(async (node): Promise<readonly [string, string]> => {
    return [node.id, running.isInDocker ? await composeLogs(specOf(running)) : logOf(node)];
  });
  return new Map(await Promise.all(logs));
}

/** Returns the end of a node's log. */
export function logOf({ folder }: Node): string {
  try {
    return readFileSync(join(folder, "log"), "utf8").slice(-20_000);
  } catch {
    return "";
  }
}

/** Returns whether a port is still taken after a wait: the system frees the ports of a killed process a little later. */
async function staysTaken(port: number): Promise<boolean> {
  const last = Date.now() + PORT_MS;
  while (await isTaken(port)) {
    if (Date.now() > last) return true;
    await pause(50);
  }
  return false;
}

async function untilAnswers({ broker, name }: Running, node: RunningNode): Promise<void> {
  const last = Date.now() + START_MS;
  const server = serverOf(node);
  while (!(await RECIPES[broker].answers(node))) {
    const isGone = await hasExited(server, 0);
    // A node may also die because another program took one of its other ports first.
    const [, port] = (isGone && /:(\d+)\b.*address already in use/i.exec(logOf(node))) || [];
    if (port !== undefined) throw new PortTaken(node, Number(port));
    if (isGone || Date.now() > last) {
      const what = isGone ? "ended during its start" : `does not answer after ${START_MS / 1_000} s`;
      throw new Error(`${node.id} of ${name} ${what}. The end of its log:\n${logOf(node).slice(-2_000)}`);
    }
    await pause(100);
  }
}
