import { service } from "@waybill/core";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ActInOrder, Happened, Kept, ONE_TRY, World } from "./world.ts";

let world: World;
beforeEach(() => void (world = new World()));
afterEach(() => world.end());

const owner = service("owner").handle(ActInOrder, () => undefined);
const ear = service("ear", { recovery: ONE_TRY }).on(Kept, () => undefined, { from: "earliest" });

describe("explain", () => {
  it("says of each contract where it goes, who handles it, what is promised and what is not", async () => {
    const bus = await world.bus({ services: [owner, ear], sends: [Happened] });
    expect(`${bus.explain().toString()}\n`).toMatchInlineSnapshot(`
      "transport memory
      command owner.act-in-order
        goes to     queue owner.act-in-order
        owner       owner
        guarantee   at least once: stored when send resolves, acknowledged when its handler's work is stored
        order       equal keys, over 4 lanes
        retries     owner: 2 at once, again after 1 s, 5 s, 25 s, then a dead letter (what is delayed loses its place among equal keys)
        for later   native
        history     none is kept
        can be lost what waits in this process for the broker, when the process ends before send resolves
        can be lost what is stored: kept in the process: outlives connections, not the process
        can double  handled: when the process or the connection ends between a handler's success and its acknowledgement
        can double  stored, under one id: when it is sent again more than 2 min later
      event facts.kept
        goes to     topic facts.kept
        groups here ear
        guarantee   at least once: stored when send resolves, acknowledged when its handler's work is stored
        order       none: it has no key
        retries     ear: 0 at once, then a dead letter
        for later   native
        history     30 d, native
        can be lost what waits in this process for the broker, when the process ends before send resolves
        can be lost for a group: what is older than its history when it is first provisioned, or all of it unless it asks for it
        can be lost what is stored: kept in the process: outlives connections, not the process
        can double  handled: when the process or the connection ends between a handler's success and its acknowledgement
        can double  stored, under one id: when it is sent again more than 2 min later
      event facts.happened
        goes to     topic facts.happened
        groups here none
        guarantee   at least once: stored when send resolves, acknowledged when its handler's work is stored
        order       none: it has no key
        for later   native
        history     none is kept
        can be lost what waits in this process for the broker, when the process ends before send resolves
        can be lost for a group: what was published before it was first provisioned
        can be lost what is stored: kept in the process: outlives connections, not the process
        can double  handled: when the process or the connection ends between a handler's success and its acknowledgement
        can double  stored, under one id: when it is sent again more than 2 min later
      outgoing: validate > stamp > encode > hand over
      incoming: catch unreadable > decode > match > order by key > try > validate > handle
      "
    `);
  });

  it("says the same as data, for JSON", async () => {
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

  it("before start says what does not depend on the broker", async () => {
    const bus = await world.made({ services: [owner] });
    const { capabilities, contracts } = bus.explain();
    expect(capabilities).toBeUndefined();
    expect(contracts[0]).toMatchObject({ delay: undefined, order: { lanes: 4, unit: undefined } });
    expect(bus.explain().toString()).toContain("for later   known once the bus has started");
  });
});
