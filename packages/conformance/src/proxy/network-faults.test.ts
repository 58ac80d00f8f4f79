import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import { setImmediate } from "node:timers/promises";
import type { Transport } from "@waybill/core/transport";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { REAL_PACE } from "../harness.ts";
import { type Network, networkFaults } from "./network-faults.ts";
import { realWorld } from "./real-world.ts";
import type { Address } from "./tcp-proxy.ts";

/** A client in place of a transport: the network knows only its address. */
class Caller {
  readonly address: Address;
  socket: Socket | undefined;
  received = "";
  ended: string | undefined;

  constructor(address: Address) {
    this.address = address;
  }

  call(): void {
    const socket = connect(this.address);
    let error = "end";
    this.socket = socket;
    this.received = "";
    this.ended = undefined;
    socket.on("data", (bytes) => (this.received += bytes.toString()));
    socket.on("error", (thrown: NodeJS.ErrnoException) => (error = thrown.code ?? ""));
    socket.on("close", () => (this.ended = error));
  }

  async say(text: string): Promise<void> {
    if (this.socket === undefined) this.call();
    const sofar = this.received.length;
    this.socket?.write(text);
    await until(() => this.received.length >= sofar + text.length);
  }
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await setImmediate();
}

let broker: Server;
let received: string;
let network: Network;
const callers = new Map<Transport, Caller>();

beforeEach(async () => {
  received = "";
  broker = createServer((socket) => {
    socket.on("error", () => undefined);
    socket.on("data", (bytes) => {
      received += bytes.toString();
      socket.write(bytes);
    });
  });
  broker.listen(0, "127.0.0.1");
  await once(broker, "listening");
  network = networkFaults({ broker: brokerAddress(), transport: caller, confirmBytes: 9 });
});

afterEach(async () => {
  for (const { socket } of callers.values()) socket?.destroy();
  callers.clear();
  await network.close();
  broker.close();
});

function brokerAddress(): Address {
  return { host: "127.0.0.1", port: (broker.address() as AddressInfo).port };
}

/** Creates a transport without methods, because the network does not call them. */
function caller(address: Address): Transport {
  const transport = {} as Transport;
  callers.set(transport, new Caller(address));
  return transport;
}

async function made(): Promise<{ transport: Transport; caller: Caller }> {
  const transport = await network.transport();
  const one = callers.get(transport);
  if (one === undefined) throw new Error("The network returned a transport that it did not create here.");
  return { transport, caller: one };
}

describe("the faults of a network", () => {
  it("affect one transport and no other", async () => {
    const [first, second] = [await made(), await made()];
    await first.caller.say("hello");
    await second.caller.say("hello");
    await network.faults.cut?.(first.transport);
    await until(() => first.caller.ended !== undefined);
    await second.caller.say("still here");
    await network.faults.restore?.(first.transport);
    first.caller.call();
    await first.caller.say("again");
    await network.faults.reset?.(first.transport);
    await until(() => first.caller.ended === "ECONNRESET");
    await network.faults.stall?.(second.transport);
    second.caller.socket?.write("held");
    first.caller.call();
    await first.caller.say("passes");
    expect(received.endsWith("passes")).toBe(true);
    await network.faults.resume?.(second.transport);
    await until(() => second.caller.received.endsWith("held"));
  });

  it("lose a confirmation: the broker has the message, the connection is lost until restore", async () => {
    const { transport, caller } = await made();
    await caller.say("hello");
    await network.faults.loseConfirm?.(transport);
    caller.socket?.write("beat");
    await until(() => received.endsWith("beat"));
    expect(caller.ended).toBeUndefined();
    caller.socket?.write("message");
    await until(() => caller.ended !== undefined);
    expect([received, caller.received]).toEqual(["hellobeatmessage", "hello"]);
    caller.call();
    await until(() => caller.ended === "ECONNRESET");
    await network.faults.restore?.(transport);
    caller.call();
    await caller.say("again");
  });

  it("crash a transport for good", async () => {
    const { transport, caller } = await made();
    await caller.say("hello");
    await network.faults.crash?.(transport);
    await until(() => caller.ended === "ECONNRESET");
    caller.call();
    await until(() => caller.ended === "ECONNRESET");
    expect(network.proxyOf(transport).accepted).toBe(1);
  });

  it("offer an address where nothing listens", async () => {
    const dead = await network.faults.unreachable?.();
    const lost = dead && callers.get(dead.transport);
    expect(dead?.address).toBe(`127.0.0.1:${lost?.address.port}`);
    lost?.call();
    await until(() => lost?.ended === "ECONNREFUSED");
  });

  it("include the process faults that the launcher supports, and pause only with resume", () => {
    const done = (): Promise<void> => Promise.resolve();
    const transport = caller;
    const offered = (process: object) =>
      Object.keys(networkFaults({ broker: brokerAddress(), transport, process }).faults);
    expect(offered({})).not.toContain("kill");
    expect(offered({ kill: done, restart: done, pause: done })).toEqual(
      expect.arrayContaining(["kill", "restart"]),
    );
    expect(offered({ pause: done })).not.toContain("pause");
    expect(offered({ pause: done, resume: done })).toEqual(expect.arrayContaining(["pause", "unpause"]));
  });

  it("refuse a transport of another world", async () => {
    await expect(network.faults.cut?.(caller(brokerAddress()))).rejects.toThrow(/not created by this world/);
  });
});

describe("a real world", () => {
  it("waits the given time, and lets the given faults replace its own", async () => {
    let isBlocked = false;
    const block = async (): Promise<void> => void (isBlocked = true);
    let isCut = false;
    const cut = async (): Promise<void> => void (isCut = true);
    const world = realWorld({ broker: brokerAddress(), transport: caller, faults: { block, cut } });
    const began = world.environment.clock.now();
    await world.elapse(30);
    // The wall clock counts whole milliseconds, so rounding can lose one.
    expect(world.environment.clock.now() - began).toBeGreaterThanOrEqual(29);
    await world.settle();
    await world.faults?.block?.();
    await world.faults?.cut?.(caller(brokerAddress()));
    expect([isBlocked, isCut]).toEqual([true, true]);
    await world.close();
  });

  it("ends a block or pause that a scenario left active when it closes", async () => {
    const calls: string[] = [];
    const say = (call: string) => async (): Promise<void> => void calls.push(call);
    const faults = { block: say("block"), unblock: say("unblock") };
    const process = { pause: say("pause"), resume: say("resume") };
    const world = realWorld({ broker: brokerAddress(), transport: caller, process, faults });
    await world.faults?.block?.();
    await world.faults?.unblock?.();
    await world.faults?.pause?.();
    await world.close();
    expect(calls).toEqual(["block", "unblock", "pause", "resume"]);
  });

  it("has a pace with long waits and few cases", () => {
    expect(REAL_PACE.runs).toBeLessThan(5);
    expect(REAL_PACE.patienceMs).toBeGreaterThan(10 * REAL_PACE.quietMs);
    expect(REAL_PACE.delayMs).toBeGreaterThanOrEqual(REAL_PACE.quietMs);
  });
});
