import { isMessagingError, type Topology, type WireMessage } from "@waybill/core/transport";
import { AclOperationTypes, AclPermissionTypes, AclResourceTypes, ResourcePatternTypes } from "kafkajs";
import { beforeAll, expect, it } from "vitest";
import { LIMIT_MS, describeSecured } from "./secured-broker.ts";

const USERS = ["guest", "writer", "reader", "outsider", "clerk"];
const { TOPIC, GROUP, CLUSTER } = AclResourceTypes;
const { DESCRIBE, READ, WRITE, ALL } = AclOperationTypes;

await describeSecured("a user", USERS, (secured) => {
  beforeAll(async () => {
    const owner = await secured.transport();
    expect(await owner.provision(topologyOf("shop"), "apply")).toEqual([]);
    expect(await owner.provision(topologyOf("yard"), "apply")).toEqual([]);
  }, LIMIT_MS);

  it("without permissions can connect; provisioning fails with an error that names the permissions to grant", async () => {
    const error = await thrownBy((await secured.transport("guest")).provision(topologyOf("attic"), "apply"));
    expect(isMessagingError(error, "not-permitted")).toBe(true);
    expect(String(error)).toMatch(/topic attic--queue.*Grant DESCRIBE, CREATE/);
  });

  it("without WRITE cannot publish: the failure names the topic, and nothing is stored", async () => {
    await secured.grant("writer", [TOPIC, "shop--queue"], [DESCRIBE]);
    const made = await secured.transport("writer");
    const publish = async (): Promise<unknown> => (await made.publish([messageTo("shop")]))[0];
    const refused = await publish();
    expect(refused).toMatchObject({
      ok: false,
      error: { code: "not-permitted", maybeStored: false },
    });
    expect(JSON.stringify(refused)).toMatch(/topic shop--queue/);
    await secured.grant("writer", [TOPIC, "shop--queue"], [WRITE]);
    await expect.poll(publish).toEqual({ ok: true });
    expect(await (await secured.transport()).depth(sourceOf("shop"))).toMatchObject({ ready: 1 });
  });

  it("without READ, group or dead-letter permissions cannot subscribe: the error names the next permission to grant", async () => {
    const user = "reader";
    const made = await secured.transport(user);
    const subscribe = (): Promise<string> =>
      made
        .subscribe(sourceOf("yard"), () => Promise.resolve({ type: "ack" }))
        .then((subscription) => subscription.drain(0))
        .then(() => "subscribed", String);
    const later = "yard--queue--later";
    expect(await subscribe()).toMatch(/yard--queue.*\[not-permitted\]/);
    for (const topic of ["yard--queue", later, "yard--dead-letters"])
      await secured.grant(user, [TOPIC, topic], [DESCRIBE]);
    await expect.poll(subscribe).toMatch(/Grant READ on topic yard--queue\. \[not-permitted\]/);
    await secured.grant(user, [TOPIC, "yard--queue"], [READ, WRITE]);
    await secured.grant(user, [TOPIC, later], [READ, WRITE]);
    await expect.poll(subscribe).toMatch(/Grant WRITE on topic yard--dead-letters\. \[not-permitted\]/);
    await secured.grant(user, [TOPIC, "yard--dead-letters"], [WRITE]);
    await expect
      .poll(subscribe)
      .toMatch(/group yard--queue.*Grant READ and DESCRIBE on the group\. \[not-permitted\]/);
    await secured.grant(user, [GROUP, "yard--queue"], [READ, DESCRIBE]);
    await expect.poll(subscribe).toBe("subscribed");
    // These permissions are enough, also for a delayed retry and a dead letter.
    const owner = await secured.transport();
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

  it("without permissions on the reply topic cannot open a reply inbox: the error names the topic", async () => {
    const error = await thrownBy((await secured.transport("outsider")).openReplyInbox(() => undefined));
    expect(isMessagingError(error, "not-permitted")).toBe(true);
    expect(String(error)).toMatch(/topic waybill--replies/);
  });

  it("with all permissions can provision, send and handle; a permission that is taken away causes a warning", async () => {
    await secured.grant("clerk", [CLUSTER, "kafka-cluster"], [ALL]);
    await secured.grant("clerk", [TOPIC, "*"], [ALL]);
    await secured.grant("clerk", [GROUP, "*"], [ALL]);
    const made = await secured.transport("clerk");
    await expect.poll(() => made.provision(topologyOf("desk"), "apply").catch(String)).toEqual([]);
    const seen: string[] = [];
    const subscription = await made.subscribe(sourceOf("desk"), ({ message }) => {
      seen.push(message.id);
      return Promise.resolve({ type: "ack" });
    });
    subscription.credit(1);
    expect(await made.publish([messageTo("desk")])).toEqual([{ ok: true }]);
    await expect.poll(() => seen, { timeout: 20_000 }).toEqual(["1"]);
    // No caller waits when a permission is taken away, so the transport warns.
    await secured.admin.deleteAcls({
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
    const told = (): string | undefined => secured.warnings.find((text) => text.includes("desk--queue "));
    await expect.poll(told, { timeout: 20_000 }).toMatch(/READ on topic desk--queue.*\[not-permitted\]$/);
    await secured.grant("clerk", [TOPIC, "*"], [ALL]);
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

/** Returns the error of a promise; `undefined` after a success. */
function thrownBy(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => undefined,
    (error: unknown) => error,
  );
}
