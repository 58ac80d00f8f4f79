import { beforeEach, describe, expect, it } from "vitest";
import { VirtualClock } from "../ground/virtual-clock.ts";
import { NO_HEADERS } from "../message/headers.ts";
import { STORED, type PublishFailure, type PublishResult, type Transport } from "../spi/transport.ts";
import type { WireMessage } from "../spi/wire-message.ts";
import { Sender } from "./sender.ts";

const wire = (
  id: string,
  destination: WireMessage["destination"] = { kind: "queue", name: "q" },
): WireMessage => ({
  id,
  destination,
  body: new Uint8Array(0),
  contentType: "",
  headers: NO_HEADERS,
  type: "t",
  correlationId: undefined,
  key: undefined,
  lane: undefined,
  deliverAt: undefined,
});

const failure = (code: PublishFailure["code"], maybeStored = false): PublishResult => ({
  ok: false,
  error: { code, message: "It failed.", maybeStored },
});

/** Answers batches when told to, and remembers them. */
class Broker {
  readonly batches: string[][] = [];
  answer: (message: WireMessage) => PublishResult | Promise<PublishResult> = () => STORED;

  async publish(batch: readonly WireMessage[]): Promise<readonly PublishResult[]> {
    this.batches.push(batch.map(({ id }) => id));
    const results: PublishResult[] = [];
    for (const message of batch) results.push(await this.answer(message));
    return results;
  }
}

let clock: VirtualClock;
let broker: Broker;
let sender: Sender;
beforeEach(() => {
  clock = new VirtualClock();
  broker = new Broker();
  sender = new Sender(broker as unknown as Transport, clock, { capacity: 3, timeoutMs: 1_000 });
});

const codeOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => "stored",
    (error: { code: string; maybeStored: boolean }) => `${error.code} ${error.maybeStored}`,
  );

describe("the sender", () => {
  it("waits until told that the broker is ready, then sends what waited as one batch, in order", async () => {
    const sent = ["a", "b", "c"].map((id) => sender.store(wire(id), id));
    expect(sender.waiting).toBe(3);
    sender.isReady = true;
    expect(await Promise.all(sent)).toEqual(["a", "b", "c"]);
    expect(broker.batches).toEqual([["a", "b", "c"]]);
    await sender.store(wire("d"), undefined);
    expect(broker.batches).toHaveLength(2);
  });

  it("puts what failed for want of a connection before what came later", async () => {
    sender.isReady = true;
    let isDown = true;
    broker.answer = () => (isDown ? failure("disconnected", true) : STORED);
    const sent = ["a", "b"].map((id) => sender.store(wire(id), id));
    sender.isReady = false;
    await clock.settle();
    sent.push(sender.store(wire("c"), "c"));
    isDown = false;
    sender.isReady = true;
    await Promise.all(sent);
    expect(broker.batches.slice(2)).toEqual([["a", "b", "c"]]);
  });

  it("asks a broker that says it is ready but takes nothing again after growing pauses", async () => {
    const times: number[] = [];
    const start = clock.now();
    broker.answer = () => {
      times.push(clock.now() - start);
      return failure("blocked");
    };
    sender.isReady = true;
    const outcome = codeOf(sender.store(wire("a"), undefined));
    await clock.advance(1_000);
    expect(await outcome).toBe("publish-timeout false");
    expect(times).toEqual([0, 0, 20, 60, 140, 300, 620]);
  });

  it("keeps a doubt once there was one", async () => {
    sender.isReady = true;
    let tries = 0;
    broker.answer = () => failure("disconnected", tries++ === 0);
    const outcome = codeOf(sender.store(wire("a"), undefined));
    await clock.advance(1_000);
    expect(await outcome).toBe("publish-timeout true");
  });

  it("refuses more than fit, final failures at once, and everything after close", async () => {
    const waiting = ["a", "b", "c"].map((id) => codeOf(sender.store(wire(id), id)));
    expect(await codeOf(sender.store(wire("d"), undefined))).toBe("buffer-full false");
    sender.close();
    expect(await Promise.all(waiting)).toEqual(Array(3).fill("bus-stopped false"));
    expect(await codeOf(sender.store(wire("e"), undefined))).toBe("bus-stopped false");
    expect(clock.pending).toBe(0);
    const other = new Sender(broker as unknown as Transport, clock, { capacity: 3, timeoutMs: 1_000 });
    other.isReady = true;
    broker.answer = () => failure("too-large");
    expect(await codeOf(other.store(wire("f"), undefined))).toBe("too-large false");
  });

  it("stores several or tells the first failure, once the fate of all is known", async () => {
    sender.isReady = true;
    broker.answer = ({ id }) => (id === "b" ? failure("rejected") : STORED);
    expect(await codeOf(sender.storeAll([wire("a"), wire("b"), wire("c")]))).toBe("rejected false");
    expect(await codeOf(sender.storeAll([wire("a"), wire("c")]))).toBe("stored");
  });

  it("tells the first failure only once nothing of the others can still be sent", async () => {
    sender.isReady = true;
    let isDown = true;
    broker.answer = ({ id }) =>
      id === "a" ? failure("rejected") : isDown ? failure("disconnected") : STORED;
    let isTold = false;
    const outcome = codeOf(sender.storeAll([wire("a"), wire("b")])).finally(() => (isTold = true));
    await clock.settle();
    expect([isTold, sender.waiting]).toEqual([false, 1]);
    isDown = false;
    await clock.advance(100);
    expect(await outcome).toBe("rejected false");
    expect(sender.waiting).toBe(0);
  });

  it("survives a transport that rejects, and says that it knows nothing", async () => {
    sender.isReady = true;
    broker.answer = () => Promise.reject(new Error("broken adapter"));
    expect(await codeOf(sender.store(wire("a"), undefined))).toBe("rejected true");
    expect(await codeOf(sender.storeAll([wire("b")]))).toBe("rejected true");
    await sender.idle();
  });

  it("counts a reply whose requester has gone, and only a reply", async () => {
    sender.isReady = true;
    broker.answer = () => failure("unroutable");
    expect(await codeOf(sender.store(wire("a", { kind: "reply", address: "gone" }), undefined))).toBe(
      "stored",
    );
    expect(await codeOf(sender.store(wire("b"), undefined))).toBe("unroutable false");
    expect(sender.lostReplies).toBe(1);
  });

  it("is idle when nothing is on its way any more", async () => {
    sender.isReady = true;
    let confirm: (result: PublishResult) => void = () => undefined;
    broker.answer = () => new Promise<PublishResult>((resolve) => (confirm = resolve));
    const sent = sender.store(wire("a"), undefined);
    let isIdle = false;
    const idle = sender.idle().then(() => (isIdle = true));
    await clock.settle();
    expect(isIdle).toBe(false);
    confirm(STORED);
    await Promise.all([sent, idle]);
    await sender.idle();
  });
});
