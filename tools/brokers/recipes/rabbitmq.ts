import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Node, Recipe, Cluster } from "../broker.ts";
import { installInPlace, run } from "../install.ts";
import { CACHE } from "../paths.ts";
import { firstWords } from "../ports.ts";
import type { Program } from "../processes.ts";

const UNPACK = fileURLToPath(new URL("unpack-rabbitmq.sh", import.meta.url));

/** AMQP 0-9-1 §4.2.2: the protocol header; a server that is ready answers with a method frame, whose first byte is 1. */
const HELLO = Buffer.from([65, 77, 81, 80, 0, 0, 9, 1]);

export const rabbitmq: Recipe = {
  variable: "WAYBILL_RABBITMQ_URL",
  programs: ["rabbitmq-server", "rabbitmqctl", "epmd"],
  ports: 3,
  version: (isOldest) => (isOldest ? "3.10" : "4.0"),
  install: (isOldest) =>
    installInPlace(join(CACHE, `rabbitmq-${isOldest ? "3.10" : "4.0"}`), async (into) => {
      await run("bash", [UNPACK, isOldest ? "bookworm" : "trixie", into]);
    }),
  programsOf,
  answers: async ({ ports: [port = 0] }) => (await firstWords(port, HELLO))?.[0] === 1,
  url: (nodes) => `amqp://guest:guest@${nodes.map(({ ports: [port] }) => `127.0.0.1:${port}`).join(",")}`,
  tool: (node, cluster, args) =>
    run(join(sbin(cluster), "rabbitmqctl"), ["--quiet", ...args], { env: environmentOf(node, cluster) }),
  advice:
    "It is unpacked from Debian packages, which needs apt; elsewhere install rabbitmq-server, or run Docker.",
};

function programsOf(node: Node, cluster: Cluster): readonly Program[] {
  configure(node, cluster);
  const env = environmentOf(node, cluster);
  const log = join(node.folder, "log");
  const [first] = cluster.nodes;
  // If the server started epmd itself, epmd would outlive it as a daemon. The nodes of a cluster share one epmd.
  const epmd: Program = {
    command: join(bin(cluster), "epmd"),
    args: ["-port", String(first?.ports[2]), "-address", "127.0.0.1"],
    env,
    log,
  };
  const server: Program = { command: join(sbin(cluster), "rabbitmq-server"), args: [], env, log };
  return node === first ? [epmd, server] : [server];
}

function bin({ home }: Cluster): string {
  return home === undefined ? "" : join(home, "usr/lib/erlang/bin");
}

function sbin({ home }: Cluster): string {
  if (home === undefined) return "";
  const library = join(home, "usr/lib/rabbitmq/lib");
  const server = readdirSync(library).find((name) => name.startsWith("rabbitmq_server-")) ?? "";
  return join(library, server, "sbin");
}

const nodeName = ({ id }: Node): string => `${id}@localhost`;

/**
 * Returns the cookie file of a node. Any process on this machine that knows the cookie can run programs as the user of
 * the server.
 */
export const cookieFile = ({ folder }: Node): string => join(folder, ".erlang.cookie");

/** Gives all nodes of a cluster one cookie, stored in the home of the first node by the node that starts first. */
function shareCookie(node: Node, [first = node]: readonly Node[]): void {
  if (!existsSync(cookieFile(first))) keepSecret(cookieFile(first), randomBytes(32).toString("hex"));
  if (!existsSync(cookieFile(node))) keepSecret(cookieFile(node), readFileSync(cookieFile(first), "utf8"));
}

/** Writes a file for its owner only: the server refuses a cookie that others can read. */
function keepSecret(file: string, secret: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, secret, { mode: 0o400, flag: "wx" });
}

function configure(node: Node, { nodes, config }: Cluster): void {
  shareCookie(node, nodes);
  const peers =
    nodes.length > 1
      ? nodes.map((peer, at) => `cluster_formation.classic_config.nodes.${at + 1} = ${nodeName(peer)}`)
      : [];
  const cluster =
    nodes.length > 1 ? ["cluster_formation.peer_discovery_backend = classic_config", ...peers] : [];
  const lines = [
    `listeners.tcp.1 = 127.0.0.1:${node.ports[0]}`,
    "vm_memory_high_watermark.relative = 0.6",
    "disk_free_limit.absolute = 50MB",
    // A suspended node is detected within seconds instead of a minute.
    "net_ticktime = 5",
    ...cluster,
    ...config,
  ];
  writeFileSync(join(node.folder, "rabbitmq.conf"), `${lines.join("\n")}\n`);
  writeFileSync(join(node.folder, "plugins"), "[].\n");
  writeFileSync(join(node.folder, "env"), ""); // Otherwise the server would read the machine's own file.
  mkdirSync(join(node.folder, "data"), { recursive: true });
}

function environmentOf(node: Node, cluster: Cluster): Readonly<Record<string, string>> {
  const { folder, ports } = node;
  return {
    HOME: folder,
    PATH: [bin(cluster), sbin(cluster), process.env["PATH"]].filter(Boolean).join(":"),
    RABBITMQ_NODENAME: nodeName(node),
    RABBITMQ_DIST_PORT: String(ports[1]),
    ERL_EPMD_PORT: String(cluster.nodes[0]?.ports[2]),
    ERL_EPMD_ADDRESS: "127.0.0.1",
    RABBITMQ_MNESIA_BASE: join(folder, "data"),
    RABBITMQ_LOG_BASE: join(folder, "logs"),
    RABBITMQ_CONFIG_FILE: join(folder, "rabbitmq.conf"),
    RABBITMQ_CONF_ENV_FILE: join(folder, "env"),
    RABBITMQ_ENABLED_PLUGINS_FILE: join(folder, "plugins"),
    RABBITMQ_PID_FILE: join(folder, "pid"),
    RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS: "-kernel inet_dist_use_interface {127,0,0,1}",
  };
}
