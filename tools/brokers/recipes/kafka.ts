import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Node, Recipe, Cluster } from "../broker.ts";
import { install, run } from "../install.ts";
import { CACHE } from "../paths.ts";
import { firstWords } from "../ports.ts";
import type { Program } from "../processes.ts";

const VERSION = { newest: "4.3.1", oldest: "3.9.1" } as const;

/** Any 16 bytes in Base64: the id of the cluster (KRaft). */
const CLUSTER_ID = "d2F5YmlsbC1jbHVzdGVyMQ";

/**
 * ApiVersions version 0, correlation id 1, no client id: every broker answers this request, even before
 * authentication.
 */
const HELLO = Buffer.from([0, 0, 0, 10, 0, 18, 0, 0, 0, 0, 0, 1, 255, 255]);

/** A small heap and a quick start are enough for tests. */
const JAVA_OPTIONS: readonly string[] = ["-Xmx512m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"];

export const kafka: Recipe = {
  variable: "WAYBILL_KAFKA_URL",
  programs: [],
  ports: 2,
  version: (isOldest) => (isOldest ? "3.9" : "4.3"),
  install: (isOldest) => {
    const version = isOldest ? VERSION.oldest : VERSION.newest;
    return install(join(CACHE, `kafka-${version}`), async (into) => {
      writeFileSync(join(into, "pom.xml"), pom(version));
      await run("mvn", ["-q", "-B", "dependency:copy-dependencies", "-DoutputDirectory=lib"], { cwd: into });
    });
  },
  programsOf,
  answers: async ({ ports: [port = 0] }) => (await firstWords(port, HELLO)) !== undefined,
  url: (nodes) => `kafka://${nodes.map(({ ports: [port] }) => `127.0.0.1:${port}`).join(",")}`,
  tool: ({ ports: [port] }, cluster, [tool = "", ...args]) =>
    run("java", [...classpathOf(cluster), tool, "--bootstrap-server", `127.0.0.1:${port}`, ...args]),
  advice: "It is assembled from its Java artifacts, which needs Java 17 and Maven; elsewhere run Docker.",
};

async function programsOf(node: Node, cluster: Cluster): Promise<readonly Program[]> {
  const file = join(node.folder, "server.properties");
  const data = join(node.folder, "data");
  writeFileSync(file, `${properties(node, cluster, data)}${cluster.config.join("\n")}\n`);
  const classpath = classpathOf(cluster);
  if (!existsSync(data)) {
    const format = ["kafka.tools.StorageTool", "format", "-t", CLUSTER_ID, "-c", file];
    await run("java", [...classpath, ...format]);
  }
  const log = join(node.folder, "log");
  return [{ command: "java", args: [...JAVA_OPTIONS, ...classpath, "kafka.Kafka", file], log }];
}

function classpathOf({ home = "" }: Cluster): readonly string[] {
  return ["-cp", join(home, "lib", "*")];
}

function properties(node: Node, { nodes, listeners }: Cluster, data: string): string {
  const number = nodes.indexOf(node) + 1;
  const [port, controllerPort, ...others] = node.ports;
  const voters = nodes.map(({ ports }, at) => `${at + 1}@127.0.0.1:${ports[1]}`).join(",");
  const clients = ["PLAINTEXT", ...listeners];
  const ways = [port, ...others].map((at, index) => `${clients[index]}://127.0.0.1:${at}`).join(",");
  const copies = Math.min(3, nodes.length);
  const settings = {
    "process.roles": "broker,controller",
    "node.id": number,
    "controller.quorum.voters": voters,
    "controller.listener.names": "CONTROLLER",
    listeners: `${ways},CONTROLLER://127.0.0.1:${controllerPort}`,
    "advertised.listeners": ways,
    "listener.security.protocol.map": [...clients, "CONTROLLER"]
      .map((name) => `${name}:${name === "CONTROLLER" ? "PLAINTEXT" : name}`)
      .join(","),
    "log.dirs": data,
    "auto.create.topics.enable": false,
    "group.initial.rebalance.delay.ms": 0,
    // A member that has vanished is replaced within seconds.
    "group.min.session.timeout.ms": 1_000,
    "offsets.topic.num.partitions": 4,
    "offsets.topic.replication.factor": copies,
    "transaction.state.log.num.partitions": 4,
    "transaction.state.log.replication.factor": copies,
    "transaction.state.log.min.isr": Math.max(1, copies - 1),
    "default.replication.factor": copies,
    "min.insync.replicas": Math.max(1, copies - 1),
    // A leader that has vanished is replaced within seconds.
    "broker.session.timeout.ms": 6_000,
    "broker.heartbeat.interval.ms": 1_000,
  };
  return Object.entries(settings)
    .map(([name, value]) => `${name}=${value}\n`)
    .join("");
}

function pom(version: string): string {
  const dependency = (group: string, artifact: string, its: string) =>
    `<dependency><groupId>${group}</groupId><artifactId>${artifact}</artifactId><version>${its}</version></dependency>`;
  return `<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>
<groupId>waybill</groupId><artifactId>kafka</artifactId><version>1</version>
<dependencies>${dependency("org.apache.kafka", "kafka_2.13", version)}${dependency("org.slf4j", "slf4j-simple", "1.7.36")}</dependencies></project>
`;
}
