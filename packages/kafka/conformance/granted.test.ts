import { command, createBus, event, service, type Bus, type BusOptions } from "@waybill/core";
import type { Topology } from "@waybill/core/transport";
import { AclOperationTypes, AclResourceTypes } from "kafkajs";
import { afterEach, beforeAll, expect, it } from "vitest";
import { z } from "zod";
import { LIMIT_MS, describeSecured } from "./secured-broker.ts";

const PATIENCE = { timeout: 20_000 };

const order = z.object({ id: z.string() });
const Place = command("shop.place", { data: order, reply: order });
const Placed = event("shop.placed", { data: order });

/** One delayed retry, through the delay topic. */
const SOON = { immediate: 0, delayed: { rounds: 1, first: "200ms" } } as const;

type Right = readonly ["topic" | "group", string, ...("CREATE" | "DESCRIBE" | "READ" | "WRITE")[]];

/** The permissions on the page about Kafka, a function for each row. */
const sends = (topic: string): Right => ["topic", topic, "DESCRIBE", "WRITE"];
const own = (topic: string): readonly Right[] =>
  [topic, `${topic}--later`].map((each) => ["topic", each, "DESCRIBE", "READ", "WRITE"]);
const gives = (name: string): Right => ["topic", `${name}--dead-letters`, "DESCRIBE", "WRITE"];
const inGroup = (name: string): Right => ["group", name, "DESCRIBE", "READ"];
const makes = (topic: string): Right => ["topic", topic, "CREATE", "DESCRIBE"];

const RIGHTS: Readonly<Record<string, readonly Right[]>> = {
  keeper: [
    ...["shop.place--queue", "shop.place--queue--later", "shop.placed"].map(makes),
    ...["shop.placed--to--mail", "shop.placed--to--mail--later"].map(makes),
    ...["shop--dead-letters", "mail--dead-letters"].map(makes),
    ["topic", "shop.placed", "READ"],
    inGroup("mail--of--shop.placed"),
  ],
  customer: [sends("shop.place--queue"), ["topic", "waybill--replies", "DESCRIBE", "READ"]],
  shop: [
    ...own("shop.place--queue"),
    inGroup("shop.place--queue"),
    gives("shop"),
    sends("shop.placed"),
    ["topic", "waybill--replies", "DESCRIBE", "WRITE"],
  ],
  mail: [
    ["topic", "shop.placed", "DESCRIBE", "READ"],
    ...own("shop.placed--to--mail"),
    inGroup("mail--of--shop.placed"),
    gives("mail"),
  ],
  clerk: [
    ["topic", "shop--dead-letters", "DESCRIBE", "READ"],
    inGroup("shop--dead-letters"),
    sends("shop.place--queue"),
  ],
};

const TOPOLOGY: Topology = {
  queues: [{ name: "shop.place", lanes: undefined }],
  topics: [{ name: "shop.placed", lanes: undefined, retainMs: undefined }],
  groups: [{ topic: "shop.placed", group: "mail", lanes: undefined, from: "latest" }],
  services: ["shop", "mail"],
};

await describeSecured("users with exactly the documented permissions", Object.keys(RIGHTS), (secured) => {
  const running: Bus[] = [];
  const busOf = async (user: string, options: Partial<BusOptions>): Promise<Bus> => {
    const bus = await createBus({ transport: secured.urlOf(user), provision: "none", ...options });
    running.push(bus);
    await bus.start();
    return bus;
  };

  beforeAll(async () => {
    for (const [user, rights] of Object.entries(RIGHTS))
      for (const [kind, name, ...operations] of rights)
        await secured.grant(
          user,
          [kind === "topic" ? AclResourceTypes.TOPIC : AclResourceTypes.GROUP, name],
          operations.map((operation) => AclOperationTypes[operation]),
        );
    // The first reply inbox creates the reply topic.
    const inbox = await (await secured.transport()).openReplyInbox(() => undefined);
    await inbox.close();
  }, LIMIT_MS);
  afterEach(() => Promise.all(running.splice(0).map((bus) => bus.stop())));

  it("can provision, request, reply, publish, subscribe, retry, dead-letter, and replay dead letters", async () => {
    const keeper = await secured.transport("keeper");
    await expect.poll(() => keeper.provision(TOPOLOGY, "apply").catch(String), PATIENCE).toEqual([]);
    let isOpen = false;
    const shop = service("shop", { recovery: SOON }).handle(Place, async ({ id }, { publish }) => {
      if (id === "late" && !isOpen) throw new Error("the shop is closed");
      await publish(Placed, { id });
      return { id };
    });
    const heard: string[] = [];
    const tries: string[] = [];
    const mail = service("mail", { recovery: SOON }).on(Placed, ({ id }) => {
      tries.push(id);
      if (tries.length === 1) throw new Error("not yet");
      heard.push(id);
    });
    await busOf("shop", { services: [shop], sends: [Placed] });
    await busOf("mail", { services: [mail] });
    const customer = await busOf("customer", { sends: [Place] });
    expect(await customer.request(Place, { id: "first" })).toEqual({ id: "first" });
    await expect.poll(() => heard, PATIENCE).toEqual(["first"]);
    expect(tries).toEqual(["first", "first"]);

    await expect(customer.request(Place, { id: "late" })).rejects.toThrow("the shop is closed");
    isOpen = true;
    const letters = (await busOf("clerk", {})).deadLetters("shop");
    await expect.poll(async () => (await letters.list()).length, PATIENCE).toBe(1);
    await letters.replay();
    await expect.poll(() => heard, PATIENCE).toEqual(["first", "late"]);
    expect(await letters.list()).toEqual([]);
    expect(secured.warnings).toEqual([]);
  });
});
