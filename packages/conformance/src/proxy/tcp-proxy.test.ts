import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import { setImmediate } from "node:timers/promises";
import { type Clock, isMessagingError } from "@waybill/core/transport";
import { systemEnvironment } from "@waybill/core/transport-kit";
import { VirtualClock } from "@waybill/core/transport-kit/testing";
import { afterEach, describe, expect, it } from "vitest";
import { type Address, TcpProxy } from "./tcp-proxy.ts";

const open: { close(): Promise<unknown> | void }[] = [];

afterEach(async () => {
  for (const one of open.splice(0).toReversed()) await one.close();
});

/** A broker that records received bytes in order, and echoes them while `repeats` is set. */
class Broker {
  readonly received: string[] = [];
  readonly sockets: Socket[] = [];
  repeats = true;
  readonly #server: Server = createServer({ allowHalfOpen: true }, (socket) => {
    this.sockets.push(socket);
    socket.on("error", () => undefined);
    socket.on("data", (bytes) => {
      this.received.push(bytes.toString());
      if (this.repeats) socket.write(bytes);
    });
    socket.on("end", () => socket.end());
  });

  static async open(): Promise<Broker> {
    const broker = new Broker();
    open.push(broker);
    broker.#server.listen(0, "127.0.0.1");
    await once(broker.#server, "listening");
    return broker;
  }

  get address(): Address {
    return { host: "127.0.0.1", port: (this.#server.address() as AddressInfo).port };
  }

  get text(): string {
    return this.received.join("");
  }

  close(): void {
    this.#server.close();
    for (const socket of this.sockets) socket.destroy();
  }
}

/** A client that records received bytes and how its connection ended. */
class Client {
  received = "";
  error: string | undefined;
  isClosed = false;
  readonly socket: Socket;

  constructor(address: Address) {
    open.push(this);
    this.socket = connect(address);
    this.socket.on("data", (bytes) => (this.received += bytes.toString()));
    this.socket.on("error", (error: NodeJS.ErrnoException) => (this.error = error.code));
    this.socket.on("close", () => (this.isClosed = true));
  }

  /** Sends a text and waits for its echo. */
  async trip(text: string): Promise<void> {
    const sofar = this.received.length;
    this.socket.write(text);
    await until(() => this.received.length >= sofar + text.length);
  }

  close(): void {
    this.socket.destroy();
  }
}

/** Turns the event loop until the condition holds; the time limit of the test is the deadline. */
async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await setImmediate();
}

async function setUp(clock: Clock = systemEnvironment.clock) {
  const broker = await Broker.open();
  const proxy = await TcpProxy.open(broker.address, clock);
  open.push(proxy);
  const direct = new Client(broker.address);
  await until(() => broker.sockets.length === 1);
  return { broker, proxy, client: new Client(proxy.address), direct };
}

describe("a proxy without faults", () => {
  it("passes bytes in both directions, in order, and counts its connections", async () => {
    const { broker, proxy, client } = await setUp();
    await client.trip("one");
    await client.trip("two");
    expect(broker.text).toBe("onetwo");
    expect([proxy.connections, proxy.accepted]).toEqual([1, 1]);
    await new Client(proxy.address).trip("three");
    expect([proxy.connections, proxy.accepted]).toEqual([2, 2]);
    client.close();
    await until(() => proxy.connections === 1);
    expect(proxy.accepted).toBe(2);
  });

  it("passes on the end of one direction while the other stays open", async () => {
    const { broker, proxy, client } = await setUp();
    broker.repeats = false;
    client.socket.end("last words");
    await until(() => client.isClosed);
    expect(broker.text).toBe("last words");
    expect(client.error).toBeUndefined();
    await until(() => proxy.connections === 0);
  });

  it("applies back-pressure to a client whose broker does not read, and loses no byte", async () => {
    const { broker, client, direct } = await setUp();
    broker.repeats = false;
    client.socket.write("first");
    await until(() => broker.text === "first");
    const [reader] = broker.sockets.filter((socket) => socket.bytesRead > 0);
    reader?.pause();
    const load = Buffer.alloc(48 * 1_048_576, "abcdefg");
    client.socket.write(load);
    broker.repeats = true;
    for (let turn = 0; turn < 50; turn++) await direct.trip("x");
    broker.repeats = false;
    expect(client.socket.writableLength).toBeGreaterThan(0);
    broker.received.length = 0;
    reader?.resume();
    await until(() => reader?.bytesRead === load.length + 5);
    expect(broker.text === load.toString()).toBe(true);
  });

  it("resets a client when its broker is unreachable", async () => {
    const { broker, proxy, direct } = await setUp();
    await direct.trip("up");
    broker.close();
    const late = new Client(proxy.address);
    await until(() => late.isClosed);
    expect(late.error).toBe("ECONNRESET");
    await until(() => proxy.connections === 0);
  });

  it("passes on a reset", async () => {
    const { broker, client } = await setUp();
    await client.trip("hello");
    for (const socket of broker.sockets) socket.resetAndDestroy();
    await until(() => client.isClosed);
    expect(client.error).toBe("ECONNRESET");
  });

  it("has no address after close, and can be closed twice", async () => {
    const { proxy, client } = await setUp();
    await client.trip("hello");
    await proxy.close();
    await proxy.close();
    await until(() => client.isClosed);
    expect(client.error).toBe("ECONNRESET");
    expect(() => proxy.address).toThrow(expect.toSatisfy((error) => isMessagingError(error, "closed")));
  });
});

describe("connections that end", () => {
  it("cut: closes all connections and refuses new ones until restore", async () => {
    const { broker, proxy, client } = await setUp();
    await client.trip("hello");
    proxy.cut();
    await until(() => client.isClosed && proxy.connections === 0);
    const refused = new Client(proxy.address);
    await until(() => refused.isClosed);
    expect(refused.error).toBe("ECONNRESET");
    expect([proxy.accepted, broker.sockets.length]).toEqual([1, 2]);
    proxy.restore();
    await new Client(proxy.address).trip("again");
  });

  it("reset: resets all connections and lets new ones pass", async () => {
    const { broker, proxy, client } = await setUp();
    await client.trip("hello");
    const errors: unknown[] = [];
    for (const socket of broker.sockets)
      socket.on("error", (error: NodeJS.ErrnoException) => errors.push(error.code));
    proxy.reset();
    await until(() => client.isClosed && errors.length === 1);
    expect([client.error, ...errors]).toEqual(["ECONNRESET", "ECONNRESET"]);
    await new Client(proxy.address).trip("again");
  });

  it("refuse: keeps current connections and resets new ones", async () => {
    const { proxy, client } = await setUp();
    await client.trip("hello");
    proxy.refuse();
    const refused = new Client(proxy.address);
    await until(() => refused.isClosed);
    await client.trip("still here");
  });

  it.each(["to-broker", "to-client"] as const)(
    "dropAfter: resets connections in mid-stream, %s",
    async (direction) => {
      const { broker, proxy, client } = await setUp();
      await client.trip("hello");
      const dropped = proxy.dropAfter(9, direction);
      await client.trip("three ");
      const rest = new Client(proxy.address);
      rest.socket.write("never to be seen whole");
      await dropped;
      await until(() => client.isClosed && rest.isClosed);
      const passed = direction === "to-broker" ? broker.text : `${client.received}${rest.received}`;
      expect(passed.length).toBe("hello".length + 9);
      await new Client(proxy.address).trip("again");
    },
  );
});

describe("connections that stay open", () => {
  it("stall: lets no byte pass in either direction until resume, then all in order", async () => {
    const { broker, proxy, client, direct } = await setUp();
    await client.trip("hello ");
    proxy.stall();
    client.socket.write("one ");
    broker.sockets[1]?.write("unasked ");
    const late = new Client(proxy.address);
    await once(late.socket, "connect");
    late.socket.write("two ");
    for (let turn = 0; turn < 20; turn++) await direct.trip("x");
    expect([client.received, late.received, broker.text]).toEqual(["hello ", "", `hello ${"x".repeat(20)}`]);
    proxy.resume();
    await until(() => client.received === "hello unasked one " && late.received === "two ");
  });

  it("stall: hides the end of a connection until resume", async () => {
    const { broker, proxy, client, direct } = await setUp();
    await client.trip("hello");
    proxy.stall();
    for (const socket of broker.sockets) socket.resetAndDestroy();
    for (let turn = 0; turn < 20; turn++) await new Client(broker.address).trip("x");
    await until(() => direct.isClosed);
    expect(client.isClosed).toBe(false);
    proxy.resume();
    await until(() => client.isClosed);
    expect(client.error).toBe("ECONNRESET");
  });

  it("slow: delays every byte in each direction and keeps their order", async () => {
    const clock = new VirtualClock();
    const { broker, proxy, client, direct } = await setUp(clock);
    proxy.slow(300);
    client.socket.write("one ");
    await until(() => clock.pending === 1);
    await clock.advance(200);
    client.socket.write("two ");
    for (let turn = 0; turn < 20; turn++) await direct.trip("x");
    await clock.advance(99);
    await direct.trip("x");
    expect(broker.text).toBe("x".repeat(21));
    await clock.advance(1);
    await until(() => broker.text.endsWith("xone "));
    await clock.advance(200);
    await until(() => broker.text.endsWith("xone two "));
    expect(client.received).toBe("");
    await until(() => clock.pending === 1);
    await clock.advance(300);
    await until(() => client.received.startsWith("one "));
  });

  it("throttle: passes no more than the rate, and all bytes in the end", async () => {
    const clock = new VirtualClock();
    const { broker, proxy, client } = await setUp(clock);
    broker.repeats = false;
    proxy.throttle(1_000);
    const load = Array.from({ length: 300 }, (_, at) => String(at % 10)).join("");
    const began = clock.now();
    client.socket.write(load);
    while (broker.text.length < load.length) {
      await until(() => clock.pending === 1 || broker.text.length === load.length);
      const passed = clock.now() - began;
      expect(broker.text.length).toBeLessThanOrEqual(passed + 20);
      await clock.advance(10);
    }
    expect(broker.text).toBe(load);
    expect(clock.now() - began).toBeGreaterThanOrEqual(280);
  });

  it("hideReplies: discards the broker's bytes; restore resets connections that lost bytes", async () => {
    const { broker, proxy, client } = await setUp();
    const bystander = new Client(proxy.address);
    await client.trip("hello");
    await bystander.trip("good morning");
    const hidden = proxy.hideReplies(9);
    client.socket.write("one");
    await until(() => broker.text.endsWith("one"));
    client.socket.write("two and three");
    await hidden;
    expect([broker.text, client.received]).toEqual(["hellogood morningonetwo and three", "hello"]);
    proxy.restore();
    await until(() => client.isClosed);
    await bystander.trip("still here");
    expect(bystander.received).toBe("good morningstill here");
  });
});
