import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Node, Cluster } from "../broker.ts";
import { cookieFile, rabbitmq } from "./rabbitmq.ts";

let home = "";
beforeEach(() => void (home = mkdtempSync(join(tmpdir(), "waybill-cookie-"))));
afterEach(() => rmSync(home, { recursive: true, force: true }));

const cookieOf = (node: Node): string => readFileSync(cookieFile(node), "utf8");

function clusterOf(name: string): Cluster {
  const nodes = [1, 2, 3].map((number) => ({
    id: `${name}-${number}`,
    folder: join(home, `${name}-${number}`),
    ports: [1, 2, 3],
  }));
  return { home: undefined, nodes, config: [], listeners: [] };
}

describe("the cookie of a RabbitMQ for tests", () => {
  it("has 32 random bytes, is the same for all nodes of a cluster, and survives a restart", async () => {
    const cluster = clusterOf("one");
    for (const node of cluster.nodes.toReversed()) await rabbitmq.programsOf(node, cluster);
    const [cookie = "", ...others] = cluster.nodes.map(cookieOf);
    expect(cookie).toMatch(/^[0-9a-f]{64}$/);
    expect(others).toEqual([cookie, cookie]);
    for (const node of cluster.nodes) await rabbitmq.programsOf(node, cluster);
    expect(cluster.nodes.map(cookieOf)).toEqual([cookie, cookie, cookie]);
  });

  it("differs between brokers", async () => {
    const sites = [clusterOf("one"), clusterOf("two")];
    for (const cluster of sites) for (const node of cluster.nodes) await rabbitmq.programsOf(node, cluster);
    expect(new Set(sites.flatMap(({ nodes }) => nodes.map(cookieOf))).size).toBe(2);
  });

  it("is readable only by its user", async () => {
    const cluster = clusterOf("one");
    for (const node of cluster.nodes) await rabbitmq.programsOf(node, cluster);
    for (const node of cluster.nodes) expect(statSync(cookieFile(node)).mode & 0o777).toBe(0o400);
  });
});
