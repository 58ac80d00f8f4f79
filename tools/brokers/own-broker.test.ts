import { createServer } from "node:net";
import { once } from "node:events";
import { describe, expect, it, vi } from "vitest";
import { start, type OwnBroker } from "./api.ts";
import { firstWords } from "./ports.ts";

vi.setConfig({ testTimeout: 180_000 });

const portsOf = ({ url }: OwnBroker): readonly number[] =>
  [...url.matchAll(/127\.0\.0\.1:(\d+)/g)].map(([, port]) => Number(port));

describe("a test's own broker", () => {
  it("can be stopped, killed, paused and restarted at the same address, and ended", async () => {
    const broker = await start("nats");
    const [port = 0] = portsOf(broker);
    const words = async (): Promise<string | undefined> =>
      (await firstWords(port, new Uint8Array(0)))?.toString();
    expect(await words()).toMatch(/^INFO/);
    await broker.stop();
    expect(await words()).toBeUndefined();
    await broker.start();
    await broker.kill9();
    expect(await words()).toBeUndefined();
    await broker.start();
    await broker.pause();
    expect(await words()).toBeUndefined();
    await broker.resume();
    await broker.restart();
    expect(await words()).toMatch(/^INFO/);
    expect(broker.logs()).toMatch(/Server is ready/);
    await expect(broker.tool("status")).rejects.toThrow("nats has no command-line tool here");
    await expect(broker.kill9(1)).rejects.toThrow("there is no node 1");
    await broker.end();
    expect(await words()).toBeUndefined();
  });

  it("does not restart on a port that another program has taken, and names the port", async () => {
    const broker = await start("nats");
    const [port = 0] = portsOf(broker);
    await broker.stop();
    const squatter = createServer().listen(port, "127.0.0.1");
    await once(squatter, "listening");
    await expect(broker.start()).rejects.toThrow(`Port ${port} of`);
    squatter.close();
    await once(squatter, "close");
    await broker.start();
    await broker.end();
  });

  it("does not restart if only one of its other ports is taken, and names that port", async () => {
    const broker = await start("kafka");
    const port = Number(/CONTROLLER:\/\/127\.0\.0\.1:(\d+)/.exec(broker.logs())?.[1]);
    await broker.stop();
    const squatter = createServer().listen(port, "127.0.0.1");
    await once(squatter, "listening");
    await expect(broker.start()).rejects.toThrow(`Port ${port} of`);
    squatter.close();
    await broker.end();
  });

  it("an error at its start contains the end of its log", async () => {
    await expect(start("nats", { config: ["nonsense {"] })).rejects.toThrow(
      /ended during its start.*Parse error/s,
    );
  });

  it.each(["rabbitmq", "nats", "kafka"] as const)("can be a cluster of three nodes: %s", async (name) => {
    const broker = await start(name, { nodes: 3 });
    expect(portsOf(broker)).toHaveLength(3);
    await broker.kill9(1);
    await broker.start(1);
    if (name === "rabbitmq") {
      const nodes = await broker.tool("cluster_status", "--formatter", "json");
      expect((JSON.parse(nodes) as { readonly running_nodes: readonly string[] }).running_nodes).toHaveLength(
        3,
      );
    }
    await broker.end();
  });
});
