/** For tests: brokers to use, and brokers to break. */
import { nameOf, type BrokerName, type Wanted } from "./broker.ts";
import { end, killServer, logOf, serverOf, siteOf, startNodes, stopServer } from "./instance.ts";
import { bringUp, launch, sweep, type Tell } from "./launcher.ts";
import { halt, ourselves, signal } from "./processes.ts";
import { RECIPES } from "./recipes/all.ts";
import type { Running } from "./state.ts";

export { BROKERS, type BrokerName } from "./broker.ts";
export { freePorts } from "./ports.ts";

export interface BrokerOptions {
  readonly isOldest?: boolean;
  readonly nodes?: number;
}

export interface OwnBrokerOptions extends BrokerOptions {
  /** Lines for the end of the broker's configuration file. */
  readonly config?: readonly string[];
  /** Kafka: the security protocols by which it listens besides, such as `SASL_SSL`; what they need is `config`. */
  readonly listeners?: readonly string[];
}

/** A broker of this process's own. Each fault takes the number of a node, 0 by default, and resolves when it has happened. */
export interface OwnBroker {
  readonly url: string;
  /** SIGKILL, and nothing more. */
  kill9(node?: number): Promise<void>;
  /** In order, and nothing more. */
  stop(node?: number): Promise<void>;
  /** Starts what was stopped or killed, with what it had stored; resolves when it answers. */
  start(node?: number): Promise<void>;
  /** `stop`, then `start`. */
  restart(node?: number): Promise<void>;
  /** SIGSTOP; resolves when it stands still. */
  pause(node?: number): Promise<void>;
  /** SIGCONT. */
  resume(node?: number): Promise<void>;
  /** The end of what it wrote. */
  logs(node?: number): string;
  /** `host:port` of a further listener. */
  address(listener: string, node?: number): string;
  /** Runs the broker's own tool against it, where there is one: `rabbitmqctl`, or of Kafka's the one of the class named first. */
  tool(...args: readonly string[]): Promise<string>;
  /** Ends it and removes all it stored. */
  end(): Promise<void>;
}

const tell: Tell = (text) => void process.stderr.write(`${text}\n`);
let count = 0;

/** The shared broker of the machine, as `npm run brokers -- up` has it. Answers its URL. */
export async function ensure(broker: BrokerName, options: BrokerOptions = {}): Promise<string> {
  const { url } = await bringUp(wantedOf(broker, options), tell);
  return url;
}

/** Starts a broker for this process alone; one that dies without ending it is cleared away by the next launcher. */
export async function start(broker: BrokerName, options: OwnBrokerOptions = {}): Promise<OwnBroker> {
  await sweep(tell);
  const wanted = wantedOf(broker, options);
  const name = `${nameOf(wanted)}-of-${process.pid}-${count++}`;
  const running = await launch(wanted, {
    name,
    tell,
    owner: ourselves(),
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
      throw new RangeError(`${running.name} has ${running.nodes.length} nodes, no number ${at}`);
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
      await halt(serverOf(nodeAt(at)));
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
      if (tool === undefined) throw new TypeError(`${running.broker} has no tool here`);
      return tool(nodeAt(0), siteOf(running), args);
    },
    async end() {
      onEnd();
      await end(running);
    },
  };
  return own;
}

function wantedOf(broker: BrokerName, { isOldest = false, nodes = 1 }: BrokerOptions): Wanted {
  return { broker, isOldest, nodes };
}
