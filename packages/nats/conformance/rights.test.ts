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
    { user: deaf, password: deaf, permissions: { publish: { deny: ["waybill.queue.>"] } } }
    { user: dumb, password: dumb, permissions: { publish: { deny: ["waybill.dead-letters.>"] } } }
    { user: guest, password: guest, permissions: { publish: { deny: ["$JS.API.>"] } } }
    { user: idle, password: idle, permissions: { publish: { deny: ["$JS.API.CONSUMER.MSG.NEXT.>"] } } }
    { user: lone, password: lone, permissions: { publish: { deny: ["waybill.owners.>"] }, subscribe: { deny: ["waybill.owners.>"] } } }
    { user: mute, password: mute, permissions: { publish: { deny: ["$JS.ACK.>"] } } }
    { user: shy, password: shy, permissions: { publish: { deny: ["$JS.ACK.*.*.1.1.>", "$JS.ACK.*.*.*.*.1.1.>"] } } }
    { user: numb, password: numb, permissions: { subscribe: { deny: ["_INBOX.>"] } } }
  ]
}
`;

const broker = await startForTests("nats", { config: [USERS] });

describe.skipIf(broker === undefined)("a user of NATS without a permission", () => {
  if (broker === undefined) return;
  const { open, warnings, byHand } = usersOf(broker);

  it("for the JetStream API: provisioning, subscribing and depth fail with not-permitted, and the connection stays", async () => {
    await (await open()).provision(topologyOf("shop.api"), "apply");
    const guest = await open("guest");
    for (const work of [
      () => guest.provision(topologyOf("shop.api"), "apply"),
      () => guest.subscribe(sourceOf("shop.api"), () => Promise.resolve(ACK)),
      () => guest.depth(sourceOf("shop.api")),
    ]) {
      const error = await thrownBy(work);
      expect(isMessagingError(error, "not-permitted")).toBe(true);
      expect(String(error)).toContain("shop=api");
    }
    expect(await guest.publish([messageTo("shop.api")])).toEqual([{ ok: true }]);
  });

  it.each([
    ["pull messages", "idle"],
    ["acknowledge messages", "mute"],
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
    await all.provision(topologyOf("shop.dumb"), "apply");
    await all.publish([messageTo("shop.dumb")]);
    const dumb = await open("dumb");
    const subscribed = () => dumb.subscribe(sourceOf("shop.dumb"), () => Promise.resolve(ACK));
    for (const error of await Promise.all([thrownBy(subscribed), thrownBy(subscribed)])) {
      expect(isMessagingError(error, "not-permitted")).toBe(true);
      expect(String(error)).toMatch(
        /store the dead letters of shop\.dumb.*Allow publishing to waybill\.dead-letters\.shop\.dumb\./s,
      );
    }
    expect((await dumb.depth(sourceOf("shop.dumb"))).ready).toBe(1);
    const letters = { kind: "dead-letters", group: "shop.dumb" } as const;
    expect(await consumedFrom(dumb, letters)).toEqual([]);
  });

  it("the check of permissions stores nothing: the first dead letter is the first message in its stream", async () => {
    const all = await open();
    await all.provision(topologyOf("shop.letters"), "apply");
    const seen = await consumed(all, "shop.letters", () => ({ type: "dead-letter", headers: NO_HEADERS }));
    await all.publish([messageTo("shop.letters")]);
    await vi.waitFor(() => expect(seen).toHaveLength(1), LIMIT_MS);
    const nc = await byHand();
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

  it("to acknowledge later deliveries only: the operator is warned", async () => {
    const all = await open();
    await all.provision(topologyOf("shop.shy"), "apply");
    await consumed(await open("shy"), "shop.shy");
    await all.publish([messageTo("shop.shy")]);
    await vi.waitFor(
      () => expect(warnings.join()).toMatch(/Permissions Violation for Publish.*JS\.ACK/),
      LIMIT_MS,
    );
  });

  it("to announce which queue it reads: it works, without a warning", async () => {
    const lone = await open("lone");
    await lone.provision(topologyOf("shop.lone"), "apply");
    const seen = await consumed(lone, "shop.lone");
    const before = warnings.length;
    await lone.publish([messageTo("shop.lone")]);
    await vi.waitFor(() => expect(seen).toHaveLength(1), LIMIT_MS);
    expect(warnings.slice(before)).toEqual([]);
    expect(warnings.join()).not.toContain("waybill.owners");
  });

  it("to use the default inboxes: the connection fails with advice; with another inbox prefix it works", async () => {
    const error = await thrownBy(() => open("numb"));
    expect(isMessagingError(error, "connect-failed")).toBe(true);
    expect(String(error)).toMatch(/_INBOX.*inbox_prefix/);
    const transport = await open("numb", "?inbox_prefix=_MINE");
    await transport.provision(topologyOf("shop.numb"), "apply");
    const seen = await consumed(transport, "shop.numb");
    expect(await transport.publish([messageTo("shop.numb")])).toEqual([{ ok: true }]);
    await vi.waitFor(() => expect(seen).toHaveLength(1), LIMIT_MS);
  });

  it("to publish to a queue: its message is refused as not-permitted, and a message to a topic is stored", async () => {
    const all = await open();
    await all.provision(topologyOf("shop.deaf"), "apply");
    await all.provision(
      { ...NOTHING, topics: [{ name: "shop.fact", lanes: undefined, retainMs: undefined }] },
      "apply",
    );
    const deaf = await open("deaf");
    const [refused] = await deaf.publish([messageTo("shop.deaf")]);
    expect(refused).toMatchObject({ ok: false, error: { code: "not-permitted", maybeStored: false } });
    const fact = { ...messageTo("shop.fact"), destination: { kind: "topic", name: "shop.fact" } as const };
    expect(await deaf.publish([fact])).toEqual([{ ok: true }]);
  });
});
