import { chownSync, existsSync, mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import type { Node, Recipe, Cluster } from "../broker.ts";
import { run } from "../install.ts";
import { firstWords } from "../ports.ts";
import type { Program } from "../processes.ts";

/** The protocol's SSLRequest (PostgreSQL: message formats): a server answers S or N. */
const HELLO = Buffer.from([0, 0, 0, 8, 4, 210, 22, 47]);

/** Debian's folder of the server programs, which are not on the path. */
const DEBIAN = "/usr/lib/postgresql";

/** `nobody`: PostgreSQL refuses to run as root. */
const NOBODY = 65_534;

export const postgres: Recipe = {
  variable: "WAYBILL_POSTGRES_URL",
  programs: ["initdb", "postgres"],
  ports: 1,
  version: () => "15 or newer",
  // No test of a transport needs this database; it runs where the machine has PostgreSQL or can install it.
  async install() {
    if (!existsSync(DEBIAN))
      await run("apt-get", ["-qq", "-y", "install", "postgresql"], {
        env: { DEBIAN_FRONTEND: "noninteractive" },
      });
    const version = readdirSync(DEBIAN).toSorted().at(-1) ?? "";
    return join(DEBIAN, version, "bin");
  },
  programsOf,
  answers: async ({ ports: [port = 0] }) => {
    const words = await firstWords(port, HELLO);
    return words !== undefined && "SN".includes(words.toString());
  },
  url: (nodes) => `postgres://waybill@127.0.0.1:${nodes[0]?.ports[0]}/postgres`,
  advice:
    "It is installed from Debian's packages, which needs root; elsewhere install PostgreSQL, or run Docker.",
};

async function programsOf(node: Node, { home }: Cluster): Promise<readonly Program[]> {
  const program = (name: string): string => (home === undefined ? name : join(home, name));
  const data = join(node.folder, "data");
  const isRoot = process.getuid?.() === 0;
  const user = isRoot ? { uid: NOBODY } : {};
  if (!existsSync(data)) {
    mkdirSync(data);
    if (isRoot) chownSync(data, NOBODY, NOBODY);
    const args = ["-D", data, "-U", "waybill", "-A", "trust", "--no-sync"];
    await run(program("initdb"), args, user);
  }
  const settings = ["-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories="];
  return [
    {
      command: program("postgres"),
      args: ["-D", data, "-p", String(node.ports[0]), ...settings],
      log: join(node.folder, "log"),
      ...user,
    },
  ];
}
