import {
  ACK,
  RELEASE,
  NO_HEADERS,
  type Delivery,
  type Settlement,
  type WireMessage,
} from "@waybill/core/transport";
import { VirtualClock, seededRandom } from "@waybill/core/transport-kit/testing";
import { describe, expect, it } from "vitest";
import { MemoryBroker } from "../connection/broker.ts";
import { DEFAULT_PROFILE, type BrokerProfile } from "./broker-profile.ts";
import { MemoryTransport } from "../transport.ts";

const QUEUE = { kind: "queue", name: "work", group: "worker", lanes: undefined } as const;

function message(id: string): WireMessage {
  const destination = { kind: "queue", name: "work" } as const;
  const rest = { type: "t", correlationId: undefined, key: undefined, lane: undefined, deliverAt: undefined };
  return { id, destination, body: new Uint8Array(0), contentType: "", headers: NO_HEADERS, ...rest };
}

/** Returns members that settle a message only when the test says so. */
async function world(profile: Partial<BrokerProfile>) {
  const clock = new VirtualClock();
  const broker = new MemoryBroker({ clock, random: seededRandom(1) }, { ...DEFAULT_PROFILE, ...profile });
  const deliveries: { readonly delivery: Delivery; readonly answer: (settlement: Settlement) => void }[] = [];
  const join = async (): Promise<MemoryTransport> => {
    const transport = new MemoryTransport(broker);
    await transport.connect(new AbortController().signal);
    await transport.provision(
      { queues: [{ name: "work", lanes: undefined }], topics: [], groups: [], services: ["worker"] },
      "apply",
    );
    const hold = (delivery: Delivery): Promise<Settlement> =>
      new Promise((answer) => deliveries.push({ delivery, answer }));
    (await transport.subscribe(QUEUE, hold)).credit(10);
    return transport;
  };
  const seen = (): readonly string[] =>
    deliveries.map(({ delivery: { message, attempt } }) => `${message.id}/${attempt}`);
  return { clock, broker, deliveries, join, seen, settle: () => clock.settle() };
}

describe("the profile of a broker", () => {
  it("by default records each settlement and counts the loss of a member as an attempt", async () => {
    const { broker, deliveries, join, seen, settle } = await world({});
    const transport = await join();
    for (const id of ["a", "b", "c"]) broker.store(message(id));
    await settle();
    deliveries[1]?.answer(ACK);
    await settle();
    transport.crash();
    await join();
    await settle();
    expect(seen()).toEqual(["a/1", "b/1", "c/1", "a/2", "c/2"]);
  });

  it("`watermark` redelivers the settled messages above the watermark of a lost member", async () => {
    const { broker, deliveries, join, seen, settle } = await world({
      settles: "watermark",
      countsLosses: false,
    });
    const transport = await join();
    for (const id of ["a", "b", "c", "d"]) broker.store(message(id));
    await settle();
    for (const at of [0, 2, 3]) deliveries[at]?.answer(ACK);
    await settle();
    transport.crash();
    await join();
    await settle();
    expect(seen()).toEqual(["a/1", "b/1", "c/1", "d/1", "b/1", "c/1", "d/1"]);
  });

  it("`watermark` redelivers nothing below the watermark", async () => {
    const { broker, deliveries, join, seen, settle } = await world({ settles: "watermark" });
    const transport = await join();
    for (const id of ["a", "b", "c"]) broker.store(message(id));
    await settle();
    for (const at of [2, 1, 0]) deliveries[at]?.answer(ACK);
    await settle();
    transport.crash();
    await join();
    await settle();
    expect(seen()).toEqual(["a/1", "b/1", "c/1"]);
  });

  it("stores a resend again if the broker does not deduplicate, or if the test forces it", async () => {
    for (const [recognisesResends, times] of [
      [true, 2],
      [false, 3],
    ] as const) {
      const { broker, join, seen, settle } = await world({ recognisesResends });
      await join();
      broker.store(message("a"));
      broker.store(message("a"));
      broker.store(message("a"), true);
      await settle();
      expect(seen()).toHaveLength(times);
    }
  });

  it("revokes an expired delivery while its handler runs, and ignores its late settlement", async () => {
    const { broker, deliveries, join, seen, settle } = await world({});
    const transport = await join();
    for (const id of ["a", "b"]) broker.store(message(id));
    await settle();
    const [first] = deliveries;
    if (first === undefined) throw new Error("nothing was delivered");
    const { signal } = first.delivery;
    transport.expire(first.delivery);
    expect(signal.aborted).toBe(true);
    first.answer(ACK);
    await settle();
    expect(seen()).toEqual(["a/1", "b/1", "a/2"]);
    await expect(transport.depth(QUEUE)).resolves.toMatchObject({ unsettled: 2 });
  });

  it("counts a release as one attempt if the profile says so", async () => {
    for (const [countsReleases, attempts] of [
      [false, ["a/1", "a/1", "a/1"]],
      [true, ["a/1", "a/2", "a/3"]],
    ] as const) {
      const { broker, deliveries, join, seen, settle } = await world({ countsReleases });
      await join();
      broker.store(message("a"));
      for (let at = 0; at < 2; at++) {
        await settle();
        deliveries[at]?.answer(RELEASE);
      }
      await settle();
      expect(seen()).toEqual(attempts);
    }
  });

  it("counts the messages that a draining member returns like released ones", async () => {
    const { broker, clock, join, seen } = await world({ countsReleases: true });
    const transport = await join();
    broker.store(message("a"));
    await clock.settle();
    const closing = transport.close(clock.now() + 100);
    await clock.advance(100);
    await closing;
    await join();
    await clock.settle();
    expect(seen()).toEqual(["a/1", "a/2"]);
  });

  it("keeps both the copy and the original if a member is lost between the two steps of a retry or dead letter", async () => {
    for (const settlement of [
      { type: "retry", delayMs: 0 },
      { type: "dead-letter", headers: {} },
    ] as const) {
      const { broker, deliveries, join, seen, settle } = await world({ countsLosses: false });
      const transport = await join();
      broker.store(message("a"));
      await settle();
      const [first] = deliveries;
      if (first === undefined) throw new Error("nothing was delivered");
      transport.copy(first.delivery, settlement);
      transport.crash();
      await join();
      await settle();
      const isRetry = settlement.type === "retry";
      expect(seen().toSorted()).toEqual(isRetry ? ["a/1", "a/1", "a/2"] : ["a/1", "a/1"]);
      expect(broker.depth({ kind: "dead-letters", group: "worker" }).ready).toBe(isRetry ? 0 : 1);
    }
  });

  it("moves lanes to a new member after `laneMoveMs`", async () => {
    const clock = new VirtualClock();
    const broker = new MemoryBroker(
      { clock, random: seededRandom(1) },
      { ...DEFAULT_PROFILE, laneMoveMs: 1_000 },
    );
    const seen: string[] = [];
    for (const name of ["first", "second"]) {
      const transport = new MemoryTransport(broker);
      await transport.connect(new AbortController().signal);
      const queues = [{ name: "work", lanes: 2 }];
      await transport.provision({ queues, topics: [], groups: [], services: ["worker"] }, "apply");
      const subscription = await transport.subscribe({ ...QUEUE, lanes: 2 }, async (delivery) => {
        seen.push(`${name} ${delivery.lane}`);
        return ACK;
      });
      subscription.credit(5);
    }
    const both = async (): Promise<void> => {
      for (const lane of [0, 1]) broker.store({ ...message(`${clock.now()} ${lane}`), key: "k", lane });
      await clock.settle();
    };
    await both();
    expect(seen.splice(0)).toEqual(["first 0", "first 1"]);
    await clock.advance(1_000);
    await both();
    const whose = seen.map((each) => each.replace(/ .*/, ""));
    expect(new Set(whose)).toEqual(new Set(["first", "second"]));
  });

  it("`maxLatenessMs` reorders messages with close due times, and none arrives early", async () => {
    for (const maxLatenessMs of [0, 100]) {
      const { clock, broker, join, seen } = await world({ maxLatenessMs });
      await join();
      const dueAt = clock.now() + 1_000;
      const ids = Array.from({ length: 20 }, (_, at) => String.fromCharCode(97 + at));
      for (const [at, id] of ids.entries()) broker.store({ ...message(id), deliverAt: dueAt + at });
      await clock.advance(999);
      expect(seen()).toEqual([]);
      await clock.advance(20 + maxLatenessMs);
      const first = ids.slice(0, 10).map((id) => `${id}/1`); // the window holds ten deliveries
      expect(seen()).toHaveLength(first.length);
      if (maxLatenessMs === 0) expect(seen()).toEqual(first);
      else expect(seen()).not.toEqual(first);
    }
  });

  it("counts a lost delivery as an attempt if `isCounted` says so", async () => {
    const { broker, join, seen, settle } = await world({});
    const transport = await join();
    for (const id of ["a", "b"]) broker.store(message(id));
    await settle();
    transport.crash(({ message: { id } }) => id === "a");
    await join();
    await settle();
    expect(seen()).toEqual(["a/1", "b/1", "a/2", "b/1"]);
  });

  it("a rebalance counts no attempt", async () => {
    const { broker, join, seen, settle } = await world({});
    const transport = await join();
    broker.store(message("a"));
    await settle();
    transport.rebalance();
    await settle();
    expect(seen()).toEqual(["a/1", "a/1"]);
  });

  it("a rebalance gives nothing to a member without a connection", async () => {
    const { broker, join, seen, settle } = await world({ countsLosses: false });
    const [lost, other] = [await join(), await join()];
    lost.cut();
    lost.rebalance();
    lost.restore();
    lost.crash();
    for (const id of ["a", "b", "c"]) broker.store(message(id));
    await settle();
    expect(seen()).toEqual(["a/1", "b/1", "c/1"]);
    other.crash();
    await expect(other.depth(QUEUE)).resolves.toMatchObject({ ready: 3, unsettled: 0 });
  });
});
