/** Brokers for tests: shared ones, and own ones that a test may break. */
import { nameOf, type BrokerName, type BrokerSpec } from "./broker.ts";
import { end, killServer, logOf, serverOf, clusterOf, startNodes, stopServer } from "./instance.ts";
import { bringUp, launch, removeOrphans, type Report } from "./launcher.ts";
import { suspend, thisProcess, signal } from "./processes.ts";
import { RECIPES } from "./recipes/all.ts";
import type { Running } from "./state.ts";

export { BROKERS, type BrokerName } from "./broker.ts";
export { freePorts } from "./ports.ts";

export interface BrokerOptions {
  readonly isOldest?: boolean;
  readonly nodes?: number;
}

export interface OwnBrokerOptions extends BrokerOptions {
  /** Lines to append to the broker's configuration file. */
  readonly config?: readonly string[];
  /** Kafka: the security protocols of further listeners, such as `SASL_SSL`; `config` must configure them. */
  readonly listeners?: readonly string[];
}

/**
 * A broker that only this process uses. Each fault takes the index of a node, default 0, and resolves when it has
 * happened.
 */
export interface OwnBroker {
  readonly url: string;
  /** Kills the node with SIGKILL. */
  kill9(node?: number): Promise<void>;
  /** Stops the node in order. */
  stop(node?: number): Promise<void>;
  /** Starts a stopped or killed node with its stored data; resolves when it answers. */
  start(node?: number): Promise<void>;
  /** `stop`, then `start`. */
  restart(node?: number): Promise<void>;
  /** Suspends the node with SIGSTOP; resolves when all its threads are suspended. */
  pause(node?: number): Promise<void>;
  /** Resumes the node with SIGCONT. */
  resume(node?: number): Promise<void>;
  /** Returns the end of the node's log. */
  logs(node?: number): string;
  /** Returns `host:port` of a further listener. */
  address(listener: string, node?: number): string;
  /**
   * Runs the broker's command-line tool and returns its output: `rabbitmqctl`, or for Kafka the class in the first
   * argument.
   */
  tool(...args: readonly string[]): Promise<string>;
  /** Stops the broker and deletes its data. */
  end(): Promise<void>;
}

const report: Report = (text) => void process.stderr.write(`${text}\n`);
let count = 0;

/** Starts the shared broker of the machine, like `npm run brokers -- up`, unless it runs; returns its URL. */
export async function ensure(broker: BrokerName, options: BrokerOptions = {}): Promise<string> {
  const { url } = await bringUp(specOf(broker, options), report);
  return url;
}

/**
 * Starts a broker that only this process uses. If the process dies without `end`, the next launcher removes the
 * broker.
 */
export async function start(broker: BrokerName, options: OwnBrokerOptions = {}): Promise<OwnBroker> {
  await removeOrphans(report);
  const spec = specOf(broker, options);
  const name = `${nameOf(spec)}-of-${process.pid}-${count++}`;
  const running = await launch(spec, {
    name,
    report,
    owner: thisProcess(),
    config: options.config ?? [],
    listeners: options.listeners ?? [],
  });
  const orphan = (): void => {
    for (const { processes } of running.nodes) for (const each of processes) signal(each, "SIGKILL");
  };
  process.once("exit", orphan);
  return ownBroker(running, () => void process.removeListener("exit", orphan));
}

function ownBroker(running: Running, onEnd: () => void): OwnBroker {
  const nodeAt = (at: number): Running["nodes"][number] => {
    const node = running.nodes[at];
    if (node === undefined)
      throw new RangeError(`${running.name} has ${running.nodes.length} nodes; there is no node ${at}`);
    return node;
  };
  const own: OwnBroker = {
    url: running.url,
    kill9: async (at = 0) => killServer(nodeAt(at)),
    stop: async (at = 0) => stopServer(nodeAt(at)),
    start: async (at = 0) => startNodes(running, [nodeAt(at)]),
    async restart(at = 0) {
      await own.stop(at);
      await own.start(at);
    },
    async pause(at = 0) {
      await suspend(serverOf(nodeAt(at)));
    },
    async resume(at = 0) {
      signal(serverOf(nodeAt(at)), "SIGCONT");
    },
    logs: (at = 0) => logOf(nodeAt(at)),
    address(listener, at = 0) {
      const port = nodeAt(at).ports.slice(RECIPES[running.broker].ports)[running.listeners.indexOf(listener)];
      if (port === undefined) throw new RangeError(`${running.name} has no listener ${listener}`);
      return `127.0.0.1:${port}`;
    },
    tool: async (...args) => {
      const { tool } = RECIPES[running.broker];
      if (tool === undefined) throw new TypeError(`${running.broker} has no command-line tool here`);
      return tool(nodeAt(0), clusterOf(running), args);
    },
    async end() {
      onEnd();
      await end(running);
    },
  };
  return own;
}

function specOf(broker: BrokerName, { isOldest = false, nodes = 1 }: BrokerOptions): BrokerSpec {
  return { broker, isOldest, nodes };
}
