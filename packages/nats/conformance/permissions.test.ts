import { jetstreamManager } from "@nats-io/jetstream";
import { startForTests } from "@waybill/brokers/for-tests";
import { ACK, NO_HEADERS, isMessagingError } from "@waybill/core/transport";
import { describe, expect, it, vi } from "vitest";
import { deadLettersStream } from "../src/topology/names.ts";
import { NOTHING, consumed, consumedFrom, messageTo, sourceOf, thrownBy, topologyOf } from "./queues.ts";
import { LIMIT_MS, usersOf } from "./users.ts";

const USERS = `
authorization {
  users: [
    { user: all, password: all }
    { user: "no_queues", password: "no_queues", permissions: { publish: { deny: ["waybill.queue.>"] } } }
    { user: "no_dead_letters", password: "no_dead_letters", permissions: { publish: { deny: ["waybill.dead-letters.>"] } } }
    { user: "no_api", password: "no_api", permissions: { publish: { deny: ["$JS.API.>"] } } }
    { user: "no_pulls", password: "no_pulls", permissions: { publish: { deny: ["$JS.API.CONSUMER.MSG.NEXT.>"] } } }
    { user: "no_announcements", password: "no_announcements", permissions: { publish: { deny: ["waybill.owners.>"] }, subscribe: { deny: ["waybill.owners.>"] } } }
    { user: "no_acks", password: "no_acks", permissions: { publish: { deny: ["$JS.ACK.>"] } } }
    { user: "no_later_acks", password: "no_later_acks", permissions: { publish: { deny: ["$JS.ACK.*.*.1.1.>", "$JS.ACK.*.*.*.*.1.1.>"] } } }
    { user: "no_inboxes", password: "no_inboxes", permissions: { subscribe: { deny: ["_INBOX.>"] } } }
  ]
}
`;

const broker = await startForTests("nats", { config: [USERS] });

describe.skipIf(broker === undefined)("a user of NATS without a permission", () => {
  if (broker === undefined) return;
  const { open, warnings, openClient } = usersOf(broker);

  it("for the JetStream API: provisioning, subscribing and depth fail with not-permitted, and the connection stays", async () => {
    await (await open()).provision(topologyOf("shop.api"), "apply");
    const limited = await open("no_api");
    for (const work of [
      () => limited.provision(topologyOf("shop.api"), "apply"),
      () => limited.subscribe(sourceOf("shop.api"), () => Promise.resolve(ACK)),
      () => limited.depth(sourceOf("shop.api")),
    ]) {
      const error = await thrownBy(work);
      expect(isMessagingError(error, "not-permitted")).toBe(true);
      expect(String(error)).toContain("shop=api");
    }
    expect(await limited.publish([messageTo("shop.api")])).toEqual([{ ok: true }]);
  });

  it.each([
    ["pull messages", "no_pulls"],
    ["acknowledge messages", "no_acks"],
  ])("to %s: subscribing fails with not-permitted, and takes no message", async (_, user) => {
    const name = `shop.${user}`;
    const all = await open();
    await all.provision(topologyOf(name), "apply");
    await all.publish([messageTo(name)]);
    const transport = await open(user);
    const error = await thrownBy(() => transport.subscribe(sourceOf(name), () => Promise.resolve(ACK)));
    expect(isMessagingError(error, "not-permitted")).toBe(true);
    expect(String(error)).toMatch(new RegExp(`consumer owner of stream queue-shop=${user}`));
    const seen = await consumed(all, name);
    await vi.waitFor(() => expect(seen).toHaveLength(1), LIMIT_MS);
    expect(seen[0]?.attempt).toBe(1);
  });

  it("to store dead letters: subscribing fails with not-permitted, and takes no message; reading dead letters works", async () => {
    const all = await open();
    await all.provision(topologyOf("shop.no_dead_letters"), "apply");
    await all.publish([messageTo("shop.no_dead_letters")]);
    const limited = await open("no_dead_letters");
    const subscribed = () => limited.subscribe(sourceOf("shop.no_dead_letters"), () => Promise.resolve(ACK));
    for (const error of await Promise.all([thrownBy(subscribed), thrownBy(subscribed)])) {
      expect(isMessagingError(error, "not-permitted")).toBe(true);
      expect(String(error)).toMatch(
        /store the dead letters of shop\.no_dead_letters.*Allow publishing to waybill\.dead-letters\.shop\.no_dead_letters\./s,
      );
    }
    expect((await limited.depth(sourceOf("shop.no_dead_letters"))).ready).toBe(1);
    const letters = { kind: "dead-letters", group: "shop.no_dead_letters" } as const;
    expect(await consumedFrom(limited, letters)).toEqual([]);
  });

  it("the check of permissions stores nothing: the first dead letter is the first message in its stream", async () => {
    const all = await open();
    await all.provision(topologyOf("shop.letters"), "apply");
    const seen = await consumed(all, "shop.letters", () => ({ type: "dead-letter", headers: NO_HEADERS }));
    await all.publish([messageTo("shop.letters")]);
    await vi.waitFor(() => expect(seen).toHaveLength(1), LIMIT_MS);
    const nc = await openClient();
    try {
      const { streams } = await jetstreamManager(nc);
      const stored = async (): Promise<number> =>
        (await streams.info(deadLettersStream("shop.letters"))).state.last_seq;
      await vi.waitFor(async () => expect(await stored()).toBeGreaterThan(0), LIMIT_MS);
      expect(await stored()).toBe(1);
    } finally {
      await nc.close();
    }
  });

  it("to acknowledge a delivery, which the check at the start does not detect: the operator is warned", async () => {
    const all = await open();
    await all.provision(topologyOf("shop.no_later_acks"), "apply");
    await consumed(await open("no_later_acks"), "shop.no_later_acks");
    await all.publish([messageTo("shop.no_later_acks")]);
    await vi.waitFor(
      () => expect(warnings.join()).toMatch(/Permissions Violation for Publish.*JS\.ACK/),
      LIMIT_MS,
    );
  });

  it("to announce which queue it reads: it works, without a warning", async () => {
    const limited = await open("no_announcements");
    await limited.provision(topologyOf("shop.no_announcements"), "apply");
    const seen = await consumed(limited, "shop.no_announcements");
    const before = warnings.length;
    await limited.publish([messageTo("shop.no_announcements")]);
    await vi.waitFor(() => expect(seen).toHaveLength(1), LIMIT_MS);
    expect(warnings.slice(before)).toEqual([]);
    expect(warnings.join()).not.toContain("waybill.owners");
  });

  it("to use the default inboxes: the connection fails with advice; with another inbox prefix it works", async () => {
    const error = await thrownBy(() => open("no_inboxes"));
    expect(isMessagingError(error, "connect-failed")).toBe(true);
    expect(String(error)).toMatch(/_INBOX.*inbox_prefix/);
    const transport = await open("no_inboxes", "?inbox_prefix=_MINE");
    await transport.provision(topologyOf("shop.no_inboxes"), "apply");
    const seen = await consumed(transport, "shop.no_inboxes");
    expect(await transport.publish([messageTo("shop.no_inboxes")])).toEqual([{ ok: true }]);
    await vi.waitFor(() => expect(seen).toHaveLength(1), LIMIT_MS);
  });

  it("to publish to a queue: its message is refused as not-permitted, and a message to a topic is stored", async () => {
    const all = await open();
    await all.provision(topologyOf("shop.no_queues"), "apply");
    await all.provision(
      { ...NOTHING, topics: [{ name: "shop.fact", lanes: undefined, retainMs: undefined }] },
      "apply",
    );
    const limited = await open("no_queues");
    const [refused] = await limited.publish([messageTo("shop.no_queues")]);
    expect(refused).toMatchObject({ ok: false, error: { code: "not-permitted", maybeStored: false } });
    const fact = { ...messageTo("shop.fact"), destination: { kind: "topic", name: "shop.fact" } as const };
    expect(await limited.publish([fact])).toEqual([{ ok: true }]);
  });
});
