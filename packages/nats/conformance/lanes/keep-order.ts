import { jetstream, jetstreamManager, type JsMsg } from "@nats-io/jetstream";
import { connect, type NatsConnection } from "@nats-io/transport-node";
import type { BrokerOptions } from "@waybill/brokers";
import { startForTests } from "@waybill/brokers/for-tests";
import { ACK, NO_HEADERS, type Delivery, type Transport, type WireMessage } from "@waybill/core/transport";
import { systemEnvironment } from "@waybill/core/transport-kit";
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { natsTransport } from "../../src/index.ts";
import {
  OWNER,
  consumerName,
  lanesWord,
  membersSubject,
  ownerSubject,
  queueStream,
} from "../../src/topology/names.ts";

const LIMIT_MS = 30_000;
const LEASE_S = 1;
/** How many messages a member has in hand at most. */
const WINDOW = 4;

/** What lanes promise, whoever owns them. */
export async function lanesKeepOrder(wanted: BrokerOptions = {}): Promise<void> {
  const broker = await startForTests("nats", wanted);

  describe.skipIf(broker === undefined)("lanes on NATS", { timeout: LIMIT_MS }, () => {
    if (broker === undefined) return;
    const transports: Transport[] = [];
    let nc: NatsConnection;
    beforeEach(async () => {
      nc = await connect({ servers: new URL(broker.url).host });
    });
    afterEach(async () => {
      await Promise.all(transports.splice(0).map((each) => each.close(Date.now())));
      await nc.close();
    });
    afterAll(() => broker.end(), LIMIT_MS);

    /** A queue of two lanes, and whoever works on it. */
    async function queue(name: string) {
      const open = async (): Promise<Transport> => {
        const transport = natsTransport({ url: broker?.url ?? "", leaseSeconds: LEASE_S }, systemEnvironment);
        transports.push(transport);
        await transport.connect(new AbortController().signal);
        return transport;
      };
      const publisher = await open();
      const queues = [{ name, lanes: 2 }];
      await publisher.provision({ queues, topics: [], groups: [], services: [] }, "apply");
      const lanes = lanesWord(queueStream(name), OWNER);
      const seen: Delivery[] = [];
      return {
        lanes,
        seen,
        publish: (...messages: (readonly [lane: number, id: string])[]) =>
          publisher.publish(messages.map(([lane, id]) => messageTo(name, { lane, id }))),
        /** A member that handles what it gets at once, or when it may. */
        join: async (mayGoOn: Promise<void> = Promise.resolve()): Promise<Transport> => {
          const member = await open();
          const source = { kind: "queue", name, group: name, lanes: 2 } as const;
          const subscription = await member.subscribe(source, async (delivery) => {
            seen.push(delivery);
            await mayGoOn;
            return ACK;
          });
          subscription.credit(WINDOW);
          return member;
        },
        /** What the owner of a lane says from now on: its name, or nothing when it lets go. */
        hear: (lane: number): readonly string[] => {
          const words: string[] = [];
          nc.subscribe(ownerSubject(lanes, lane), { callback: (_, msg) => void words.push(msg.string()) });
          return words;
        },
      };
    }

    it("a lane that is freed for a member who never takes it is handed over once: no attempts pile up until it is read again", async () => {
      const { lanes, seen, publish, join, hear } = await queue("shop.lanes");
      await join();
      await publish([0, "before 0"], [1, "before 1"]);
      await vi.waitFor(() => expect(seen).toHaveLength(2), LIMIT_MS);

      const [kept, handed] = [hear(0), hear(1)];
      nc.publish(membersSubject(lanes), "somebody-who-is-gone-at-once");
      await vi.waitFor(() => expect(handed).toContain(""), LIMIT_MS);
      await publish([1, "after"]);
      await vi.waitFor(() => expect(seen).toHaveLength(3), LIMIT_MS);

      expect(kept).not.toContain("");
      expect(handed.filter((word) => word === "")).toHaveLength(1);
      expect(seen[2]?.message.id).toBe("after");
      expect(seen[2]?.attempt).toBeLessThanOrEqual(2);
    });

    it.each<[string, Part]>([
      ["is handed on to another member", joined],
      [
        "is given up and taken anew",
        async ({ lanes, hear }) => {
          const words = hear(1);
          nc.publish(membersSubject(lanes), "a-guest");
          await vi.waitFor(() => expect(words).toContain(""), LIMIT_MS);
          nc.publish(membersSubject(lanes), "-a-guest");
        },
      ],
      ["is left by a member that stops", replaced],
    ])(
      "a lane of a lost owner that %s before it was read: what the lost owner had in hand still comes first",
      async (what, part) => {
        const shared = await queue(`shop.${what.replaceAll(" ", "-")}`);
        const { lanes, seen, publish, join, hear } = shared;
        await publish([1, "first"], [1, "second"]);
        const lost = await lostOwner(lanes, "first");
        const words = hear(1);
        const member = await join();
        await vi.waitFor(() => expect(words).toHaveLength(1), LIMIT_MS);
        lost.fallsSilent();
        await part(shared, member);
        await vi.waitFor(() => expect(seen).toHaveLength(2), LIMIT_MS);
        expect(seen.map(({ message }) => message.id)).toEqual(["first", "second"]);
      },
    );

    it.each<[string, Part]>([
      ["its member goes on", () => Promise.resolve()],
      ["its member leaves it to another one", joined],
      ["its member stops and another one comes", replaced],
    ])(
      "what got lost on its way to a lane comes before what follows it, also when %s",
      async (what, part) => {
        const shared = await queue(`shop.gap.${what.replaceAll(" ", "-")}`);
        const { lanes, seen, publish, join } = shared;
        let goOn: () => void = () => undefined;
        const member = await join(new Promise((resolve) => (goOn = resolve)));
        const ids = Array.from({ length: WINDOW }, (_, at) => `in hand ${at}`);
        await publish(...ids.map((id) => [1, id] as const));
        await vi.waitFor(() => expect(seen).toHaveLength(WINDOW), LIMIT_MS);

        // Nobody asks for more: to the server it is the same whether what it sends is lost or somebody else takes it and falls silent.
        await publish([1, "lost"]);
        const consumer = await jetstream(nc).consumers.get(...placeOf(lanes, 1));
        expect((await consumer.next())?.headers?.get("Nats-Msg-Id")).toBe("lost");
        await publish([1, "behind it"]);
        goOn();
        await part(shared, member);
        const all = [...ids, "lost", "behind it"];
        await vi.waitFor(
          () => expect(seen.map(({ message }) => message.id)).toContain("behind it"),
          LIMIT_MS,
        );
        expect([...new Set(seen.map(({ message }) => message.id))]).toEqual(all);
      },
    );

    it.each<[string, string, (queue: Queue) => Promise<unknown>]>([
      ["that nobody had", "new", () => Promise.resolve()],
      [
        "that its last owner has let go of",
        "free",
        async ({ seen, publish, join, hear }) => {
          const words = hear(1);
          const last = await join();
          await publish([1, "before"], [1, "before that"]);
          await vi.waitFor(() => expect(seen).toHaveLength(2), LIMIT_MS);
          await last.close(Date.now() + LIMIT_MS);
          await vi.waitFor(() => expect(words).toContain(""), LIMIT_MS);
          seen.length = 0;
        },
      ],
      [
        "of a lost owner that had nothing in hand",
        "lost",
        ({ lanes }) => jetstream(nc).publish(ownerSubject(lanes, 1), "somebody who is lost"),
      ],
    ])(
      "what is the first to get lost on its way to whoever takes a lane %s comes before what follows it",
      async (_, what, before) => {
        const shared = await queue(`shop.first.${what}`);
        const { lanes, seen, publish, join } = shared;
        await before(shared);
        const place = placeOf(lanes, 1);
        // First in line: to the server it is the same whether what it sends is lost, or reaches somebody who does nothing with it.
        const next = nc.request(`$JS.API.CONSUMER.MSG.NEXT.${place.join(".")}`, '{"batch":1}', {
          noMux: true,
          timeout: LIMIT_MS,
        });
        const consumers = (await jetstreamManager(nc)).consumers;
        const inLine = async (): Promise<number> => (await consumers.info(...place)).num_waiting;
        await vi.waitFor(async () => expect(await inLine()).toBe(1), LIMIT_MS);
        await join();
        await vi.waitFor(async () => expect(await inLine()).toBe(2), LIMIT_MS);

        await publish([1, "lost"], [1, "behind it"]);
        expect((await next).headers?.get("Nats-Msg-Id")).toBe("lost");
        await vi.waitFor(
          () => expect(seen.map(({ message }) => message.id)).toContain("behind it"),
          LIMIT_MS,
        );
        expect(seen.map(({ message }) => message.id)).toEqual(["lost", "behind it"]);
      },
    );

    /** An owner of lane 1 that has said so once, and has its first message in hand. */
    async function lostOwner(lanes: string, id: string): Promise<{ fallsSilent(): void }> {
      const js = jetstream(nc);
      await js.publish(ownerSubject(lanes, 1), "somebody who is lost");
      const held: JsMsg | null = await (await js.consumers.get(...placeOf(lanes, 1))).next();
      expect(held?.headers?.get("Nats-Msg-Id")).toBe(id);
      const timer = setInterval(() => held?.working(), (LEASE_S * 1_000) / 10);
      return {
        fallsSilent: () => {
          clearInterval(timer);
          held?.working();
        },
      };
    }
  });
}

/** The stream of a queue's lanes, and the consumer of one of them. */
function placeOf(lanes: string, lane: number): [stream: string, consumer: string] {
  const [stream = ""] = lanes.split(/\.(?=[^.]*$)/);
  return [stream, consumerName(OWNER, lane)];
}

/** How a lane comes to another owner, or stays. */
type Part = (queue: Queue, member: Transport) => Promise<unknown>;

const joined: Part = ({ join }) => join();
const replaced: Part = async ({ join }, member) => {
  await member.close(Date.now());
  await join();
};

interface Queue {
  readonly lanes: string;
  readonly seen: Delivery[];
  readonly publish: (...messages: (readonly [lane: number, id: string])[]) => Promise<unknown>;
  readonly join: () => Promise<Transport>;
  readonly hear: (lane: number) => readonly string[];
}

function messageTo(name: string, { lane, id }: { readonly lane: number; readonly id: string }): WireMessage {
  return {
    id,
    destination: { kind: "queue", name },
    body: new TextEncoder().encode("{}"),
    contentType: "application/json",
    headers: NO_HEADERS,
    type: "placed",
    correlationId: undefined,
    key: String(lane),
    lane,
    deliverAt: undefined,
  };
}
