import { command, createBus, event, plainJson, plainLong, service } from "@waybill/core";
import { laneOf } from "@waybill/core/transport-kit/testing";
import type { WireMessage } from "@waybill/core/transport";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { ONE_TRY, World, failureOf } from "./world.ts";

/** A record as `INSERT INTO dispatch_products (product_id, order) ...` writes it: a BIGINT key, a JSON value. */
const Dispatch = command("dispatch_products", {
  data: z.object({ productId: z.bigint(), order: z.object({ address: z.string() }).nullable() }),
  plain: {
    read: ({ key, value }) => ({ productId: plainLong.read(key), order: plainJson.read(value) }),
    write: ({ productId, order }) => ({ key: plainLong.write(productId), value: plainJson.write(order) }),
  },
  lanes: 4,
});

const KEY = Uint8Array.of(0, 0, 0, 0, 0, 0, 0x2e, 0xe5);

let world: World;
beforeEach(() => void (world = new World()));
afterEach(() => world.end());

function foreign(parts: Partial<WireMessage>): WireMessage {
  return {
    id: "",
    destination: { kind: "queue", name: "dispatch_products" },
    type: undefined,
    correlationId: undefined,
    key: undefined,
    lane: 0,
    deliverAt: undefined,
    body: Buffer.from('{"address":"2 Roadford Avenue"}'),
    contentType: "",
    headers: {},
    record: { key: KEY, isNull: false, time: 1_700_000_000_000 },
    ...parts,
  };
}

describe("a plain contract", () => {
  it("reads records of other programs, and a tombstone as null, with new ids and the time of the broker", async () => {
    const seen: unknown[] = [];
    const ids = new Set<string>();
    const warehouse = service("warehouse").handle(Dispatch, (data, { message }) => {
      seen.push(data);
      ids.add(message.id);
      expect(message).toMatchObject({ type: "dispatch_products", source: "dispatch_products" });
      expect(message.time).toBe("2023-11-14T22:13:20.000Z");
    });
    await world.bus({ services: [warehouse] });
    world.broker.store(foreign({}));
    world.broker.store(foreign({}), true);
    world.broker.store(
      foreign({ body: Buffer.from(""), record: { key: KEY, isNull: true, time: 1_700_000_000_000 } }),
      true,
    );
    await world.settle();
    const order = { address: "2 Roadford Avenue" };
    expect(seen).toEqual([
      { productId: 12_005n, order },
      { productId: 12_005n, order },
      { productId: 12_005n, order: null },
    ]);
    expect(ids.size).toBe(3);
  });

  it("writes records for other programs: the bytes of key and value, and no header", async () => {
    const sender = await world.bus({ sends: [Dispatch] });
    const stored: WireMessage[] = [];
    const reader = world.transport();
    await reader.connect(new AbortController().signal);
    const source = { kind: "queue", name: "dispatch_products", group: "other", lanes: 4 } as const;
    const subscription = await reader.subscribe(source, async ({ message }) => {
      stored.push(message);
      return { type: "ack" };
    });
    subscription.credit(10);
    await sender.send(Dispatch, { productId: 12_005n, order: { address: "a" } });
    await sender.send(Dispatch, { productId: 12_005n, order: null });
    await world.settle();
    expect(stored).toMatchObject([
      {
        body: Buffer.from('{"address":"a"}'),
        contentType: "",
        headers: {},
        record: { key: KEY, isNull: false },
      },
      { body: Buffer.from(""), record: { key: KEY, isNull: true } },
    ]);
    expect(stored.map(({ lane }) => lane)).toEqual([laneOf(KEY, 4), laneOf(KEY, 4)]);
    await reader.close(world.clock.now());
  });

  it("dead-letters a record that its format or its schema refuses, and a replay restores the record", async () => {
    let isMended = false;
    const seen: unknown[] = [];
    const warehouse = service("warehouse", { recovery: ONE_TRY }).handle(Dispatch, (data) => {
      if (!isMended) throw new Error("not now");
      seen.push(data);
    });
    const bus = await world.bus({ services: [warehouse] });
    world.broker.store(foreign({ id: "1", body: Buffer.from("no json") }));
    world.broker.store(foreign({ id: "2", body: Buffer.from('{"address":5}') }));
    world.broker.store(foreign({ id: "3" }));
    await world.settle();
    const letters = await bus.deadLetters("warehouse").list();
    expect(new Map(letters.map(({ id, failure }) => [id, failure.code]))).toEqual(
      new Map([
        ["1", "undecodable"],
        ["2", "invalid-message"],
        ["3", "handler-failed"],
      ]),
    );
    expect(letters.find(({ id }) => id === "1")?.body).toEqual(Buffer.from("no json"));
    isMended = true;
    await bus.deadLetters("warehouse").replay({ where: ({ id }) => id === "3" });
    await world.settle();
    expect(seen).toEqual([{ productId: 12_005n, order: { address: "2 Roadford Avenue" } }]);
  });

  it("is the only contract of its destination", async () => {
    const Other = command("other", { data: z.object({}), destination: "dispatch_products", key: String });
    const both = [service("warehouse").handle(Dispatch, () => undefined)];
    const made = createBus({ transport: world.transport(), services: both, sends: [Other] });
    expect(await failureOf(made)).toMatchObject({ code: "conflicting-contracts" });
  });

  it("may be an event of several services", async () => {
    const Sold = event("sold_products", {
      data: z.object({ id: z.bigint() }),
      plain: {
        read: ({ key }) => ({ id: plainLong.read(key) }),
        write: ({ id }) => ({ key: plainLong.write(id) }),
      },
    });
    const seen: string[] = [];
    const readers = ["one", "two"].map((name) =>
      service(name).on(Sold, ({ id }) => void seen.push(`${name} ${id}`)),
    );
    const bus = await world.bus({ services: readers });
    await bus.publish(Sold, { id: 7n });
    await world.settle();
    expect(seen.toSorted()).toEqual(["one 7", "two 7"]);
  });
});
