import { service } from "@waybill/core";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ActInOrder, Happened, Kept, ONE_TRY, World } from "./world.ts";

let world: World;
beforeEach(() => void (world = new World()));
afterEach(() => world.end());

const owner = service("owner").handle(ActInOrder, () => undefined);
const ear = service("ear", { recovery: ONE_TRY }).on(Kept, () => undefined, { from: "earliest" });

describe("explain", () => {
  it("prints destination, owner or groups, guarantee, retries, loss windows and duplicate windows of each contract", async () => {
    const bus = await world.bus({ services: [owner, ear], sends: [Happened] });
    expect(`${bus.explain().toString()}\n`).toMatchInlineSnapshot(`
      "transport memory
      command owner.act-in-order
        goes to     queue owner.act-in-order
        owner       owner
        guarantee   at least once: send resolves when the message is stored, and a handled message is acknowledged when its handler's messages are stored
        order       messages with equal keys, over 4 lanes
        retries     owner: 2 immediate, then after 1 s, 5 s, 25 s, then a dead letter (a delayed retry loses its place among equal keys)
        delay       native
        history     none
        can be lost messages that wait in this process for the broker, if the process ends before send resolves
        can be lost stored messages: kept in the memory of the process, and lost when it ends
        duplicates  handled twice, if the process or the connection ends between the handler's success and the acknowledgement
        duplicates  stored twice under one id, if the message is resent more than 2 min later
      event facts.kept
        goes to     topic facts.kept
        groups here ear
        guarantee   at least once: send resolves when the message is stored, and a handled message is acknowledged when its handler's messages are stored
        order       none: the contract has no key
        retries     ear: 0 immediate, then a dead letter
        delay       native
        history     30 d, native
        can be lost messages that wait in this process for the broker, if the process ends before send resolves
        can be lost for a group: messages that are older than the history when the group is first provisioned, and all earlier messages if the group does not read the history
        can be lost stored messages: kept in the memory of the process, and lost when it ends
        duplicates  handled twice, if the process or the connection ends between the handler's success and the acknowledgement
        duplicates  stored twice under one id, if the message is resent more than 2 min later
      event facts.happened
        goes to     topic facts.happened
        groups here none
        guarantee   at least once: send resolves when the message is stored, and a handled message is acknowledged when its handler's messages are stored
        order       none: the contract has no key
        delay       native
        history     none
        can be lost messages that wait in this process for the broker, if the process ends before send resolves
        can be lost for a group: messages that were published before the group was first provisioned
        can be lost stored messages: kept in the memory of the process, and lost when it ends
        duplicates  handled twice, if the process or the connection ends between the handler's success and the acknowledgement
        duplicates  stored twice under one id, if the message is resent more than 2 min later
      outgoing: validate > stamp > encode > store
      incoming: catch unreadable > decode > match > order by key > try > validate > handle
      "
    `);
  });

  it("returns the same facts as plain data that JSON can write", async () => {
    const bus = await world.bus({ services: [owner, ear] });
    const { contracts, capabilities } = JSON.parse(JSON.stringify(bus.explain())) as Record<
      string,
      unknown[]
    >;
    expect(contracts).toMatchObject([
      {
        kind: "command",
        name: "owner.act-in-order",
        destination: { kind: "queue", name: "owner.act-in-order" },
        owner: "owner",
        groups: ["owner"],
        order: { lanes: 4, unit: "lane" },
        retries: [{ service: "owner", immediate: 2, delaysMs: [1_000, 5_000, 25_000] }],
        delay: { level: "native" },
      },
      { kind: "event", groups: ["ear"], history: { retainMs: 2_592_000_000, level: "native" } },
    ]);
    expect(capabilities).toMatchObject({ order: { level: "native" } });
  });

  it("returns the facts that do not depend on the broker before start", async () => {
    const bus = await world.made({ services: [owner] });
    const { capabilities, contracts } = bus.explain();
    expect(capabilities).toBeUndefined();
    expect(contracts[0]).toMatchObject({ delay: undefined, order: { lanes: 4, unit: undefined } });
    expect(bus.explain().toString()).toContain("delay       known once the bus has started");
  });
});
