import { jetstreamManager } from "@nats-io/jetstream";
import { startForTests } from "@waybill/brokers/for-tests";
import { ACK, isMessagingError, type Delivery } from "@waybill/core/transport";
import { describe, expect, it, vi } from "vitest";
import { consumed, messageTo, sourceOf, thrownBy, topologyOf } from "./queues.ts";
import { LIMIT_MS, usersOf } from "./users.ts";

const ONE_USER = "authorization { users: [{ user: all, password: all }] }";

const broker = await startForTests("nats", { config: [ONE_USER] });

describe.skipIf(broker === undefined)("an entity of NATS that somebody deletes", () => {
  if (broker === undefined) return;
  const { open, openClient } = usersOf(broker);

  it(
    "a consumer that is deleted while it is read: the source is reported, other sources go on, depth and verify name the consumer, and reading resumes after provisioning",
    async () => {
      const nc = await openClient();
      const jsm = await jetstreamManager(nc);
      const transport = await open();
      await transport.provision(topologyOf("shop.gone"), "apply");
      await transport.provision(topologyOf("shop.stays"), "apply");
      const gone: Delivery[] = [];
      const problems: (string | undefined)[] = [];
      const reader = await transport.subscribe(
        sourceOf("shop.gone"),
        (delivery) => {
          gone.push(delivery);
          return Promise.resolve(ACK);
        },
        (text) => problems.push(text),
      );
      reader.credit(10);
      const stays = await consumed(transport, "shop.stays");
      await transport.publish([messageTo("shop.gone"), messageTo("shop.stays")]);
      await vi.waitFor(() => expect([gone.length, stays.length]).toEqual([1, 1]), LIMIT_MS);
      // The server loses an unread acknowledgement together with the consumer, and would redeliver the message.
      const unacknowledged = async (): Promise<number> =>
        (await jsm.consumers.info("queue-shop=gone", "owner")).num_ack_pending;
      await vi.waitFor(async () => expect(await unacknowledged()).toBe(0), LIMIT_MS);
      await jsm.consumers.delete("queue-shop=gone", "owner");
      const problem = /^Consumer owner of stream queue-shop=gone was deleted.*provisioned again/;
      await vi.waitFor(() => expect(problems).toEqual([expect.stringMatching(problem)]), LIMIT_MS);
      const error = await thrownBy(() => transport.depth(sourceOf("shop.gone")));
      expect(isMessagingError(error, "unroutable")).toBe(true);
      expect(String(error)).toContain("queue-shop=gone");
      expect(await transport.provision(topologyOf("shop.gone"), "verify")).toMatchObject([
        { kind: "missing", entity: "consumer owner of stream queue-shop=gone" },
      ]);
      await transport.publish([messageTo("shop.stays"), messageTo("shop.gone")]);
      await vi.waitFor(() => expect(stays).toHaveLength(2), LIMIT_MS);
      await transport.provision(topologyOf("shop.gone"), "apply");
      await vi.waitFor(() => expect(gone).toHaveLength(2), LIMIT_MS);
      expect(problems.at(-1)).toBeUndefined();
      await nc.close();
    },
    LIMIT_MS,
  );

  it(
    "a stream that is deleted while it is used: publishing is refused as unroutable, and both directions resume after provisioning",
    async () => {
      const nc = await openClient();
      const jsm = await jetstreamManager(nc);
      const transport = await open();
      await transport.provision(topologyOf("shop.lost"), "apply");
      const seen = await consumed(transport, "shop.lost");
      await jsm.streams.delete("queue-shop=lost");
      const [refused] = await transport.publish([messageTo("shop.lost")]);
      expect(refused).toMatchObject({ ok: false, error: { code: "unroutable", maybeStored: false } });
      expect(JSON.stringify(refused)).toContain("waybill.queue.-.shop.lost");
      await transport.provision(topologyOf("shop.lost"), "apply");
      expect(await transport.publish([messageTo("shop.lost")])).toEqual([{ ok: true }]);
      await vi.waitFor(() => expect(seen).toHaveLength(1), LIMIT_MS);
      await nc.close();
    },
    LIMIT_MS,
  );
});
