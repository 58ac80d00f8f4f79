import { readFileSync } from "node:fs";
import { connect } from "node:net";
import { freePorts } from "@waybill/brokers";
import { startForTests } from "@waybill/brokers/for-tests";
import { TcpProxy } from "@waybill/conformance/proxy";
import { createBus, isMessagingError, type Bus, type BusOptions } from "@waybill/core";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { rabbitmqTransport } from "../src/index.ts";
import { Authority } from "@waybill/brokers/certificates";
import { ordersOf, urlWith } from "./world.ts";

const authority = new Authority("authority");
const ca = authority.cert;
const server = authority.sign("server", "IP:127.0.0.1");
const client = authority.sign("client", "DNS:client");
const [tlsPort = 0] = await freePorts(1);
const broker = await startForTests("rabbitmq", {
  config: [
    `listeners.ssl.1 = 127.0.0.1:${tlsPort}`,
    `ssl_options.cacertfile = ${ca}`,
    `ssl_options.certfile = ${server.cert}`,
    `ssl_options.keyfile = ${server.key}`,
    "ssl_options.verify = verify_peer",
    "ssl_options.fail_if_no_peer_cert = true",
  ],
});
vi.setConfig({ testTimeout: 60_000 });

const buses: Bus[] = [];

/** Starts a service, and waits until it handles a message that the same bus sends. */
async function works(transport: BusOptions["transport"]): Promise<Bus> {
  const name = `connecting-${buses.length}-${Date.now()}`;
  const { shop, PlaceOrder, handled } = ordersOf(name);
  const bus = await createBus({ transport, services: [shop] });
  buses.push(bus);
  await bus.start();
  await bus.send(PlaceOrder, { orderId: 1 });
  await vi.waitFor(() => expect(handled).toEqual([1]), 10_000);
  return bus;
}

/** Resolves if a server listens on a port; rejects otherwise. */
function reached(at: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect(at, "127.0.0.1", () => {
      socket.destroy();
      resolve();
    });
    socket.once("error", reject);
  });
}

describe.skipIf(broker === undefined)("a connection to RabbitMQ", () => {
  if (broker === undefined) return;
  const { url } = broker;
  const { hostname, port } = new URL(url);
  const secure = `amqps://guest:guest@127.0.0.1:${tlsPort}`;
  // A broker answers on its first listener before it has opened the others.
  beforeAll(() => vi.waitFor(() => reached(tlsPort), 20_000));
  afterEach(() => Promise.all(buses.splice(0).map((bus) => bus.stop())));
  afterAll(async () => {
    await broker.end();
    authority.remove();
  });

  it("uses TLS with certificates of both sides, from the parameters of the URL", async () => {
    await works(
      `${secure}?cacertfile=${ca}&certfile=${client.cert}&keyfile=${client.key}&verify=verify_peer`,
    );
  });

  it("uses TLS with certificates from options", async () => {
    const [authority, cert, key] = [ca, client.cert, client.key].map((file) => readFileSync(file));
    await works(rabbitmqTransport({ url: secure, tls: { ...(authority && { ca: authority, cert, key }) } }));
  });

  it("fails for an untrusted server, without a required client certificate, and on a port without TLS", async () => {
    const own = `certfile=${client.cert}&keyfile=${client.key}`;
    for (const [transport, advice] of [
      [`${secure}?${own}`, /Check the certificates/],
      [`${secure}?cacertfile=${ca}`, /Check/],
      [`amqps://guest:guest@127.0.0.1:${port}?cacertfile=${ca}`, /Check the certificates, and that the port/],
    ] as const) {
      const bus = await createBus({ transport, services: [ordersOf("nobody").shop] });
      buses.push(bus);
      const error: unknown = await bus.start().then(
        () => undefined,
        (reason: unknown) => reason,
      );
      if (!isMessagingError(error)) throw new Error(`expected a coded error, not ${String(error)}`);
      expect(error.code).toBe("connect-failed");
      expect(error.message).toMatch(/127\.0\.0\.1:\d+/);
      expect(error.message).toMatch(advice);
    }
  });

  it("uses a virtual host with special characters, and a user with permissions for it only", async () => {
    await broker.tool("add_vhost", "a host/of its own");
    await broker.tool("add_user", "o'wner", "p@ss:/word");
    await broker.tool("set_permissions", "-p", "a host/of its own", "o'wner", ".*", ".*", ".*");
    const user = `${encodeURIComponent("o'wner")}:${encodeURIComponent("p@ss:/word")}`;
    await works(urlWith(url, { user, vhost: "a host/of its own" }));
    const queues = await broker.tool("list_queues", "-p", "a host/of its own", "name");
    expect(queues).toMatch(/place-order/);
  });

  it("tries the next host if one does not answer, at start and later", async () => {
    const [dead = 0] = await freePorts(1);
    const proxy = await TcpProxy.open({ host: hostname, port: Number(port) });
    const hosts = `${hostname}:${dead},127.0.0.1:${proxy.address.port},${hostname}:${port}`;
    const { shop, PlaceOrder, handled } = ordersOf("several-hosts");
    const bus = await createBus({ transport: `amqp://guest:guest@${hosts}`, services: [shop] });
    buses.push(bus);
    await bus.start();
    expect(proxy.accepted).toBeGreaterThan(0);
    await bus.send(PlaceOrder, { orderId: 1 });
    proxy.cut();
    await bus.send(PlaceOrder, { orderId: 2 });
    await vi.waitFor(() => expect(new Set(handled)).toEqual(new Set([1, 2])), 20_000);
    await proxy.close();
  });
});
