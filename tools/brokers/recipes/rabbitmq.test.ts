import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Node, Site } from "../broker.ts";
import { cookieFile, rabbitmq } from "./rabbitmq.ts";

let home = "";
beforeEach(() => void (home = mkdtempSync(join(tmpdir(), "waybill-cookie-"))));
afterEach(() => rmSync(home, { recursive: true, force: true }));

const cookieOf = (node: Node): string => readFileSync(cookieFile(node), "utf8");

function siteOf(name: string): Site {
  const nodes = [1, 2, 3].map((number) => ({
    id: `${name}-${number}`,
    folder: join(home, `${name}-${number}`),
    ports: [1, 2, 3],
  }));
  return { home: undefined, nodes, config: [], listeners: [] };
}

describe("the cookie of a RabbitMQ that we start", () => {
  it("is made of 32 random bytes, is the same for all nodes of a cluster, and stays when one starts again", async () => {
    const site = siteOf("one");
    for (const node of site.nodes.toReversed()) await rabbitmq.programsOf(node, site);
    const [cookie = "", ...others] = site.nodes.map(cookieOf);
    expect(cookie).toMatch(/^[0-9a-f]{64}$/);
    expect(others).toEqual([cookie, cookie]);
    for (const node of site.nodes) await rabbitmq.programsOf(node, site);
    expect(site.nodes.map(cookieOf)).toEqual([cookie, cookie, cookie]);
  });

  it("is another one for another broker", async () => {
    const sites = [siteOf("one"), siteOf("two")];
    for (const site of sites) for (const node of site.nodes) await rabbitmq.programsOf(node, site);
    expect(new Set(sites.flatMap(({ nodes }) => nodes.map(cookieOf))).size).toBe(2);
  });

  it("can be read by its user only", async () => {
    const site = siteOf("one");
    for (const node of site.nodes) await rabbitmq.programsOf(node, site);
    for (const node of site.nodes) expect(statSync(cookieFile(node)).mode & 0o777).toBe(0o400);
  });
});
