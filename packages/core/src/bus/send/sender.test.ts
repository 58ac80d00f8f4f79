import { beforeEach, describe, expect, it } from "vitest";
import { VirtualClock } from "../../environment/virtual-clock.ts";
import { MessagingError } from "../../environment/messaging-error.ts";
import { NO_HEADERS } from "../../message/headers.ts";
import { STORED, type PublishFailure, type PublishResult, type Transport } from "../../spi/transport.ts";
import type { WireMessage } from "../../spi/wire-message.ts";
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

const to = (name: string): WireMessage["destination"] => ({ kind: "queue", name });

const failure = (code: PublishFailure["code"], maybeStored = false): PublishResult => ({
  ok: false,
  error: { code, message: "It failed.", maybeStored },
});

/** A transport that records its batches and answers them as a test decides. */
class Broker {
  readonly batches: string[][] = [];
  answer: (message: WireMessage) => PublishResult | Promise<PublishResult> = () => STORED;

  refusalOf: (message: WireMessage) => PublishFailure | undefined = () => undefined;

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
  sender = new Sender(broker as unknown as Transport, clock, {
    sendBuffer: 3,
    sendBufferBytes: 1_000,
    timeoutMs: 1_000,
  });
});

const codeOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => "stored",
    (error: { code: string; maybeStored: boolean }) => `${error.code} ${error.maybeStored}`,
  );

describe("the sender", () => {
  it("buffers messages until the broker is ready, then publishes them as one batch, in order", async () => {
    const sent = ["a", "b", "c"].map((id) => sender.store(wire(id), id));
    expect(sender.waiting).toBe(3);
    sender.isReady = true;
    expect(await Promise.all(sent)).toEqual(["a", "b", "c"]);
    expect(broker.batches).toEqual([["a", "b", "c"]]);
    await sender.store(wire("d"), undefined);
    expect(broker.batches).toHaveLength(2);
  });

  it("resends messages that a lost connection failed before later messages", async () => {
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

  it("retries with growing pauses while a ready broker accepts nothing", async () => {
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

  it("reports that a message may be stored after one attempt with an unknown outcome", async () => {
    sender.isReady = true;
    let tries = 0;
    broker.answer = () => failure("disconnected", tries++ === 0);
    const outcome = codeOf(sender.store(wire("a"), undefined));
    await clock.advance(1_000);
    expect(await outcome).toBe("publish-timeout true");
  });

  it("refuses messages beyond the buffer, fails final failures at once, and everything after close", async () => {
    const waiting = ["a", "b", "c"].map((id) => codeOf(sender.store(wire(id), id)));
    expect(await codeOf(sender.store(wire("d"), undefined))).toBe("buffer-full false");
    sender.close();
    expect(await Promise.all(waiting)).toEqual(Array(3).fill("bus-stopped false"));
    expect(await codeOf(sender.store(wire("e"), undefined))).toBe("bus-stopped false");
    expect(clock.pending).toBe(0);
    const other = new Sender(broker as unknown as Transport, clock, {
      sendBuffer: 3,
      sendBufferBytes: 1_000,
      timeoutMs: 1_000,
    });
    other.isReady = true;
    broker.answer = () => failure("too-large");
    expect(await codeOf(other.store(wire("f"), undefined))).toBe("too-large false");
  });

  it("stores several messages, or rejects with the first failure once all outcomes are known", async () => {
    sender.isReady = true;
    broker.answer = ({ id }) => (id === "b" ? failure("rejected") : STORED);
    expect(await codeOf(sender.storeAll([wire("a"), wire("b"), wire("c")]))).toBe("rejected false");
    expect(await codeOf(sender.storeAll([wire("a"), wire("c")]))).toBe("stored");
  });

  it("rejects with the first failure only when none of the other messages can still be sent", async () => {
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

  it("reports an unknown outcome when the transport rejects", async () => {
    sender.isReady = true;
    broker.answer = () => Promise.reject(new Error("broken adapter"));
    expect(await codeOf(sender.store(wire("a"), undefined))).toBe("rejected true");
    expect(await codeOf(sender.storeAll([wire("b")]))).toBe("rejected true");
    await sender.idle();
  });

  it("counts a reply whose requester is gone; any other unroutable message fails", async () => {
    sender.isReady = true;
    broker.answer = () => failure("unroutable");
    expect(await codeOf(sender.store(wire("a", { kind: "reply", address: "gone" }), undefined))).toBe(
      "stored",
    );
    expect(await codeOf(sender.store(wire("b"), undefined))).toBe("unroutable false");
    expect(sender.lostReplies).toBe(1);
  });

  it("is idle when no message waits or is in flight", async () => {
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

  it("lets more messages wait than the send buffer holds while the broker accepts messages", async () => {
    let accepted = 0;
    broker.answer = () => (accepted-- > 0 ? STORED : failure("blocked"));
    sender.isReady = true;
    const sent = Array.from({ length: 40 }, (_, n) => sender.store(wire(`${n}`), n));
    await clock.settle();
    expect(sender.waiting).toBe(40);
    accepted = 40;
    await clock.advance(1_000);
    expect(await Promise.all(sent)).toHaveLength(40);
    expect(broker.batches.at(-1)).toEqual(Array.from({ length: 40 }, (_, n) => `${n}`));
  });

  it("lets messages wait longer than their timeout while their queue makes progress", async () => {
    sender.isReady = true;
    let takes = 1;
    broker.answer = () => (takes-- > 0 ? STORED : failure("blocked"));
    const all = Array.from({ length: 4 }, (_, n) => codeOf(sender.store(wire(`${n}`), n)));
    for (let round = 0; round < 6; round++) {
      takes = 1;
      await clock.advance(400);
    }
    expect(await Promise.all(all)).toEqual(Array(4).fill("stored"));
  });

  it("limits the bytes of the messages that wait for an unreachable broker", async () => {
    const large = (id: string): WireMessage => ({ ...wire(id), body: new Uint8Array(600) });
    const first = codeOf(sender.store(large("a"), undefined));
    expect(await codeOf(sender.store(large("b"), undefined))).toBe("buffer-full false");
    sender.isReady = true;
    expect(await first).toBe("stored");
  });

  it("stores none of several messages when the send buffer cannot hold all of them", async () => {
    const outcome = await codeOf(sender.storeAll(["a", "b", "c", "d"].map((id) => wire(id))));
    expect([outcome, sender.waiting]).toEqual(["buffer-full false", 0]);
  });

  it("stores none of several messages when the transport will refuse one of them", async () => {
    sender.isReady = true;
    broker.refusalOf = ({ id }) =>
      id === "b" ? { code: "delay-too-long", message: "It is late.", maybeStored: false } : undefined;
    expect(await codeOf(sender.storeAll([wire("a"), wire("b")]))).toBe("delay-too-long false");
    expect(broker.batches).toEqual([]);
  });

  it("stores the other messages when only a reply without a requester would be refused", async () => {
    sender.isReady = true;
    broker.refusalOf = ({ destination }) =>
      destination.kind === "reply" ? { code: "unroutable", message: "Gone.", maybeStored: false } : undefined;
    broker.answer = ({ destination }) => (destination.kind === "reply" ? failure("unroutable") : STORED);
    const reply = wire("a", { kind: "reply", address: "gone" });
    expect(await codeOf(sender.storeAll([reply, wire("b")]))).toBe("stored");
    expect(sender.lostReplies).toBe(1);
  });

  it("a destination that accepts nothing delays no other destination", async () => {
    sender.isReady = true;
    broker.answer = ({ destination }) =>
      destination.kind === "queue" && destination.name === "dead" ? new Promise(() => undefined) : STORED;
    const dead = codeOf(sender.store(wire("a", to("dead")), undefined));
    sender.isReady = false;
    const waiting = [to("dead"), to("sound")].map((each) => codeOf(sender.store(wire("b", each), undefined)));
    sender.isReady = true;
    expect(await waiting[1]).toBe("stored");
    const both = codeOf(sender.storeAll([wire("c", to("sound")), wire("d", to("dead"))]));
    expect(await codeOf(sender.store(wire("e", to("sound")), undefined))).toBe("stored");
    await clock.advance(1_000);
    expect([await dead, await waiting[0], await both]).toEqual([
      "publish-timeout true",
      "publish-timeout true",
      "publish-timeout true",
    ]);
  });

  it("gives up on a missing confirmation and reports that the message may be stored", async () => {
    sender.isReady = true;
    let confirm: (result: PublishResult) => void = () => undefined;
    broker.answer = () => new Promise<PublishResult>((resolve) => (confirm = resolve));
    const outcomes = [
      codeOf(sender.store(wire("a", to("one")), undefined)),
      codeOf(sender.storeAll([wire("b", to("two")), wire("c", to("two"))])),
    ];
    await clock.advance(999);
    expect(sender.waiting).toBe(0);
    await clock.advance(1);
    expect(await Promise.all(outcomes)).toEqual(["publish-timeout true", "publish-timeout true"]);
    confirm(STORED); // too late: the message was given up
    await sender.idle();
    broker.answer = () => STORED;
    expect(await codeOf(sender.store(wire("d", to("one")), undefined))).toBe("stored");
    sender.close();
    expect(clock.pending).toBe(0);
  });

  it("gives up on a missing confirmation of a buffered message and sends the next one", async () => {
    broker.answer = ({ id }) => (id === "a" ? new Promise(() => undefined) : STORED);
    const first = codeOf(sender.store(wire("a"), undefined));
    sender.isReady = true;
    await clock.advance(500);
    const second = codeOf(sender.store(wire("b"), undefined));
    await clock.advance(500);
    expect([await first, await second]).toEqual(["publish-timeout true", "stored"]);
  });

  it("withdraws a buffered message; of a message that was sent it reports that the broker may have it", async () => {
    const [kept, sent] = [wire("a"), wire("b")];
    const waiting = codeOf(sender.store(kept, undefined));
    expect(sender.isBuffered(kept)).toBe(true);
    expect(sender.withdraw(kept)).toBe(false);
    expect(await waiting).toBe("request-aborted false");
    sender.isReady = true;
    expect(broker.batches).toEqual([]);
    broker.answer = () => failure("disconnected", true);
    const doubtful = codeOf(sender.store(sent, undefined));
    await clock.settle();
    expect(sender.isBuffered(sent)).toBe(false);
    expect(sender.withdraw(sent)).toBe(true);
    expect(await doubtful).toBe("request-aborted true");
    expect(sender.withdraw(sent)).toBe(true);
    expect(sender.waiting).toBe(0);
  });

  it("holds messages in order while their destination is being provisioned, and no others", async () => {
    sender.isReady = true;
    let finish: (() => void) | undefined = undefined;
    let provisioning: Promise<void> | undefined = new Promise((resolve) => (finish = resolve));
    const sent = ["a", "b"].map((id) => sender.store(wire(id), id, () => provisioning));
    sent.push(sender.store(wire("c"), "c"));
    expect(await codeOf(sender.store(wire("x", to("known")), undefined))).toBe("stored");
    expect(broker.batches).toEqual([["x"]]);
    provisioning = undefined;
    (finish as (() => void) | undefined)?.();
    expect(await Promise.all(sent)).toEqual(["a", "b", "c"]);
    expect(broker.batches.slice(1).flat()).toEqual(["a", "b", "c"]);
  });

  it("rejects with the provisioning error, and retries it while the broker is unreachable", async () => {
    sender.isReady = true;
    const failing = (code: "disconnected" | "topology-drift"): Promise<void> =>
      Promise.reject(new MessagingError(code, { what: "It failed.", advice: "Wait." }));
    const tries = [() => failing("disconnected"), () => undefined];
    expect(await codeOf(sender.store(wire("a"), undefined, () => tries.shift()?.()))).toBe("stored");
    expect(await codeOf(sender.store(wire("b"), undefined, () => failing("topology-drift")))).toMatch(
      "topology-drift",
    );
  });
});
