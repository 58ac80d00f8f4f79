import { isMessagingError, type Topology, type WireMessage } from "@waybill/core/transport";
import { AclOperationTypes, AclPermissionTypes, AclResourceTypes, ResourcePatternTypes } from "kafkajs";
import { beforeAll, expect, it } from "vitest";
import { LIMIT_MS, guarded } from "./guarded.ts";

const USERS = ["guest", "writer", "reader", "stranger", "clerk"];
const { TOPIC, GROUP, CLUSTER } = AclResourceTypes;
const { DESCRIBE, READ, WRITE, ALL } = AclOperationTypes;

await guarded("what Kafka permits", USERS, (site) => {
  beforeAll(async () => {
    const owner = await site.transport();
    expect(await owner.provision(topologyOf("shop"), "apply")).toEqual([]);
    expect(await owner.provision(topologyOf("yard"), "apply")).toEqual([]);
  }, LIMIT_MS);

  it("nothing: who has no rights can connect, and is told what to grant when it provisions", async () => {
    const error = await thrownBy((await site.transport("guest")).provision(topologyOf("attic"), "apply"));
    expect(isMessagingError(error, "not-permitted")).toBe(true);
    expect(String(error)).toMatch(/topic attic--queue.*Grant DESCRIBE, CREATE/);
  });

  it("to look and not to write: the message is refused by its topic's name, and nothing is stored", async () => {
    await site.grant("writer", [TOPIC, "shop--queue"], [DESCRIBE]);
    const made = await site.transport("writer");
    const publish = async (): Promise<unknown> => (await made.publish([messageTo("shop")]))[0];
    const refused = await publish();
    expect(refused).toMatchObject({
      ok: false,
      error: { code: "not-permitted", maybeStored: false },
    });
    expect(JSON.stringify(refused)).toMatch(/topic shop--queue/);
    await site.grant("writer", [TOPIC, "shop--queue"], [WRITE]);
    await expect.poll(publish).toEqual({ ok: true });
    expect(await (await site.transport()).depth(sourceOf("shop"))).toMatchObject({ ready: 1 });
  });

  it("not to read, or not to be in the group, or not to keep dead letters: subscribing names what to grant", async () => {
    const user = "reader";
    const made = await site.transport(user);
    const subscribe = (): Promise<string> =>
      made
        .subscribe(sourceOf("yard"), () => Promise.resolve({ type: "ack" }))
        .then((subscription) => subscription.drain(0))
        .then(() => "let in", String);
    const later = "yard--queue--later";
    expect(await subscribe()).toMatch(/yard--queue.*\[not-permitted\]/);
    for (const topic of ["yard--queue", later, "yard--dead-letters"])
      await site.grant(user, [TOPIC, topic], [DESCRIBE]);
    await expect.poll(subscribe).toMatch(/Grant READ on topic yard--queue\. \[not-permitted\]/);
    await site.grant(user, [TOPIC, "yard--queue"], [READ, WRITE]);
    await site.grant(user, [TOPIC, later], [READ, WRITE]);
    await expect.poll(subscribe).toMatch(/Grant WRITE on topic yard--dead-letters\. \[not-permitted\]/);
    await site.grant(user, [TOPIC, "yard--dead-letters"], [WRITE]);
    await expect
      .poll(subscribe)
      .toMatch(/group yard--queue.*Grant READ and DESCRIBE on the group\. \[not-permitted\]/);
    await site.grant(user, [GROUP, "yard--queue"], [READ, DESCRIBE]);
    await expect.poll(subscribe).toBe("let in");
    // And that is all it needs, also for what is tried again and given up.
    const owner = await site.transport();
    const tries: number[] = [];
    const subscription = await made.subscribe(sourceOf("yard"), ({ attempt }) => {
      tries.push(attempt);
      return Promise.resolve(
        attempt === 1 ? { type: "retry", delayMs: 100 } : { type: "dead-letter", headers: { why: "not" } },
      );
    });
    subscription.credit(1);
    expect(await owner.publish([messageTo("yard")])).toEqual([{ ok: true }]);
    const letters = { kind: "dead-letters", group: "yard" } as const;
    await expect.poll(async () => (await owner.depth(letters)).ready, { timeout: 20_000 }).toBe(1);
    expect(tries).toEqual([1, 2]);
  });

  it("to read, and no more replies: the inbox is refused by the name of its topic", async () => {
    const error = await thrownBy((await site.transport("stranger")).openReplyInbox(() => undefined));
    expect(isMessagingError(error, "not-permitted")).toBe(true);
    expect(String(error)).toMatch(/topic waybill--replies/);
  });

  it("all: provisions, sends and handles", async () => {
    await site.grant("clerk", [CLUSTER, "kafka-cluster"], [ALL]);
    await site.grant("clerk", [TOPIC, "*"], [ALL]);
    await site.grant("clerk", [GROUP, "*"], [ALL]);
    const made = await site.transport("clerk");
    await expect.poll(() => made.provision(topologyOf("desk"), "apply").catch(String)).toEqual([]);
    const seen: string[] = [];
    const subscription = await made.subscribe(sourceOf("desk"), ({ message }) => {
      seen.push(message.id);
      return Promise.resolve({ type: "ack" });
    });
    subscription.credit(1);
    expect(await made.publish([messageTo("desk")])).toEqual([{ ok: true }]);
    await expect.poll(() => seen, { timeout: 20_000 }).toEqual(["1"]);
    // Nobody is asked for anything when a right is taken away: it is told.
    await site.admin.deleteAcls({
      filters: [
        {
          resourceType: TOPIC,
          resourceName: "*",
          resourcePatternType: ResourcePatternTypes.LITERAL,
          operation: ALL,
          permissionType: AclPermissionTypes.ALLOW,
        },
      ],
    });
    const told = (): string | undefined => site.notices.find((text) => text.includes("desk--queue "));
    await expect.poll(told, { timeout: 20_000 }).toMatch(/READ on topic desk--queue.*\[not-permitted\]$/);
    await site.grant("clerk", [TOPIC, "*"], [ALL]);
    await expect
      .poll(async () => (await made.publish([messageTo("desk")]))[0]?.ok, { timeout: 20_000 })
      .toBe(true);
    await expect.poll(() => seen, { timeout: 20_000 }).toEqual(["1", "1"]);
  });
});

function topologyOf(name: string): Topology {
  return {
    queues: [{ name, lanes: undefined }],
    topics: [],
    groups: [],
    services: [name],
  };
}

function sourceOf(name: string): {
  readonly kind: "queue";
  readonly name: string;
  readonly group: string;
  readonly lanes: undefined;
} {
  return { kind: "queue", name, group: name, lanes: undefined };
}

function messageTo(name: string): WireMessage {
  return {
    id: "1",
    destination: { kind: "queue", name },
    type: undefined,
    correlationId: undefined,
    key: undefined,
    lane: undefined,
    deliverAt: undefined,
    contentType: "text/plain",
    headers: {},
    body: Buffer.from("x"),
  };
}

/** What something ended with, if not well. */
function thrownBy(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => undefined,
    (error: unknown) => error,
  );
}
