import { jetstream, jetstreamManager } from "@nats-io/jetstream";
import { connect, type NatsConnection } from "@nats-io/transport-node";
import type { BrokerOptions } from "@waybill/brokers";
import { startForTests } from "@waybill/brokers/for-tests";
import type { Transport } from "@waybill/core/transport";
import { systemEnvironment } from "@waybill/core/transport-kit";
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { natsTransport } from "../../src/index.ts";
import { membersSubject, ownerSubject } from "../../src/topology/names.ts";
import { LEASE_S, WINDOW, consumerOf, deadOwner, laneQueue, type LaneQueue } from "./lane-queue.ts";

const LIMIT_MS = 30_000;

/** Checks that lanes keep the order of their messages when their owners change. */
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

    const open = async (): Promise<Transport> => {
      const transport = natsTransport({ url: broker.url, leaseSeconds: LEASE_S }, systemEnvironment);
      transports.push(transport);
      await transport.connect(new AbortController().signal);
      return transport;
    };
    const queue = (name: string): Promise<LaneQueue> => laneQueue(name, { nc, open });

    it("releases a lane once for an announced member that does not exist, and counts at most one more attempt when it reads the lane again", async () => {
      const { lanes, seen, publish, join, claims } = await queue("shop.lanes");
      await join();
      await publish([0, "before 0"], [1, "before 1"]);
      await vi.waitFor(() => expect(seen).toHaveLength(2), LIMIT_MS);

      const [kept, released] = [claims(0), claims(1)];
      nc.publish(membersSubject(lanes), "a-member-that-does-not-exist");
      await vi.waitFor(() => expect(released).toContain(""), LIMIT_MS);
      await publish([1, "after"]);
      await vi.waitFor(() => expect(seen).toHaveLength(3), LIMIT_MS);

      expect(kept).not.toContain("");
      expect(released.filter((owner) => owner === "")).toHaveLength(1);
      expect(seen[2]?.message.id).toBe("after");
      expect(seen[2]?.attempt).toBeLessThanOrEqual(2);
    });

    it.each<[string, Change]>([
      ["goes to another member", joined],
      [
        "is released and taken again",
        async ({ lanes, claims }) => {
          const owners = claims(1);
          nc.publish(membersSubject(lanes), "a-guest");
          await vi.waitFor(() => expect(owners).toContain(""), LIMIT_MS);
          nc.publish(membersSubject(lanes), "-a-guest");
        },
      ],
      ["is left by a member that stops", replaced],
    ])(
      "a lane of a dead owner that %s before it is read: the messages in flight at the dead owner still come first",
      async (what, change) => {
        const shared = await queue(`shop.${what.replaceAll(" ", "-")}`);
        const { lanes, seen, publish, join, claims } = shared;
        await publish([1, "first"], [1, "second"]);
        const owner = await deadOwner(nc, lanes, "first");
        const owners = claims(1);
        const member = await join();
        await vi.waitFor(() => expect(owners).toHaveLength(1), LIMIT_MS);
        owner.die();
        await change(shared, member);
        await vi.waitFor(() => expect(seen).toHaveLength(2), LIMIT_MS);
        expect(seen.map(({ message }) => message.id)).toEqual(["first", "second"]);
      },
    );

    it.each<[string, Change]>([
      ["its member goes on", () => Promise.resolve()],
      ["another member takes the lane", joined],
      ["its member stops and another one joins", replaced],
    ])(
      "a message that is lost between the server and a member comes before its successors in the lane, also when %s",
      async (what, change) => {
        const shared = await queue(`shop.gap.${what.replaceAll(" ", "-")}`);
        const { lanes, seen, publish, join } = shared;
        let goOn: () => void = () => undefined;
        const member = await join(new Promise((resolve) => (goOn = resolve)));
        const ids = Array.from({ length: WINDOW }, (_, at) => `in flight ${at}`);
        await publish(...ids.map((id) => [1, id] as const));
        await vi.waitFor(() => expect(seen).toHaveLength(WINDOW), LIMIT_MS);

        // The member's window is full, so the server sends the message to this client. To the server that is a lost delivery.
        await publish([1, "lost"]);
        const consumer = await jetstream(nc).consumers.get(...consumerOf(lanes, 1));
        expect((await consumer.next())?.headers?.get("Nats-Msg-Id")).toBe("lost");
        await publish([1, "behind it"]);
        goOn();
        await change(shared, member);
        const all = [...ids, "lost", "behind it"];
        await vi.waitFor(
          () => expect(seen.map(({ message }) => message.id)).toContain("behind it"),
          LIMIT_MS,
        );
        expect([...new Set(seen.map(({ message }) => message.id))]).toEqual(all);
      },
    );

    it.each<[string, string, (queue: LaneQueue) => Promise<unknown>]>([
      ["that never had an owner", "new", () => Promise.resolve()],
      [
        "that its last owner has released",
        "free",
        async ({ seen, publish, join, claims }) => {
          const owners = claims(1);
          const last = await join();
          await publish([1, "before"], [1, "before that"]);
          await vi.waitFor(() => expect(seen).toHaveLength(2), LIMIT_MS);
          await last.close(Date.now() + LIMIT_MS);
          await vi.waitFor(() => expect(owners).toContain(""), LIMIT_MS);
          seen.length = 0;
        },
      ],
      [
        "of a dead owner without messages in flight",
        "lost",
        ({ lanes }) => jetstream(nc).publish(ownerSubject(lanes, 1), "a dead owner"),
      ],
    ])(
      "the first message to the new owner of a lane %s is lost: it still comes before its successors",
      async (_, what, before) => {
        const shared = await queue(`shop.first.${what}`);
        const { lanes, seen, publish, join } = shared;
        await before(shared);
        const consumer = consumerOf(lanes, 1);
        // This pull request is the first in the queue. To the server the message that answers it is a lost delivery.
        const next = nc.request(`$JS.API.CONSUMER.MSG.NEXT.${consumer.join(".")}`, '{"batch":1}', {
          noMux: true,
          timeout: LIMIT_MS,
        });
        const consumers = (await jetstreamManager(nc)).consumers;
        const pullRequests = async (): Promise<number> => (await consumers.info(...consumer)).num_waiting;
        await vi.waitFor(async () => expect(await pullRequests()).toBe(1), LIMIT_MS);
        await join();
        await vi.waitFor(async () => expect(await pullRequests()).toBe(2), LIMIT_MS);

        await publish([1, "lost"], [1, "behind it"]);
        expect((await next).headers?.get("Nats-Msg-Id")).toBe("lost");
        await vi.waitFor(
          () => expect(seen.map(({ message }) => message.id)).toContain("behind it"),
          LIMIT_MS,
        );
        expect(seen.map(({ message }) => message.id)).toEqual(["lost", "behind it"]);
      },
    );
  });
}

/** A change of a lane's owner. */
type Change = (queue: LaneQueue, member: Transport) => Promise<unknown>;

const joined: Change = ({ join }) => join();
const replaced: Change = async ({ join }, member) => {
  await member.close(Date.now());
  await join();
};
