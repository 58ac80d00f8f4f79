import { randomUUID } from "node:crypto";
import { RemoteError, createBus, service, type Bus, type Service } from "@waybill/core";
import { afterEach, expect, it, vi } from "vitest";
import { config } from "./config.ts";
import { OrderPlaced, PlaceOrder } from "./contracts.ts";
import { Diary } from "./diary.ts";
import { audit, listener, orders } from "./services.ts";

/** The tests of the application run in memory, or on the broker of WAYBILL_TRANSPORT. The time limit is for tests that hang. */
vi.setConfig({ testTimeout: 60_000 });

// #region application
const buses: Bus[] = [];
afterEach(async () => {
  await Promise.all(buses.splice(0).map((bus) => bus.stop()));
});

async function started(...services: readonly Service[]): Promise<Bus> {
  const bus = await createBus({ ...config, services, name: "test" });
  buses.push(bus);
  await bus.start();
  return bus;
}

/** Returns an order id that only this test uses: a broker may still have the messages of other tests. */
const newId = (name: string): string => `${name}-${randomUUID()}`;

it("replies to the requester, and every service gets the events of an order in order", async () => {
  const diary = new Diary();
  const orderId = newId("order");
  const mine = (id: string, step: number, line: string): void => {
    if (id === orderId) diary.note("mine", step, line);
  };
  const bus = await started(orders(mine), listener("warehouse", 1, mine), listener("mail", 4, mine));
  expect(await bus.request(PlaceOrder, { orderId, items: 3 })).toEqual({ total: 30 });
  expect(await diary.until(5)).toEqual([
    "mine    warehouse: step 1",
    "mine    warehouse: step 2",
    "mine    mail: step 1",
    "mine    mail: step 2",
    "mine    orders: reminded",
  ]);
});
// #endregion application

it("keeps the order of each key while many keys are handled concurrently", async () => {
  const keys = Array.from({ length: 20 }, () => newId("key"));
  const seen = new Map<string, number[]>(keys.map((key) => [key, []]));
  let arrived: () => void = () => undefined;
  const all = new Promise<void>((resolve) => (arrived = resolve));
  const watch = service("swap-watch").on(OrderPlaced, ({ orderId, step }) => {
    const steps = seen.get(orderId);
    if (steps?.includes(step) === false) steps.push(step);
    if ([...seen.values()].every(({ length }) => length === 10)) arrived();
  });
  const bus = await started(watch);
  for (let step = 1; step <= 10; step++)
    await Promise.all(keys.map((orderId) => bus.publish(OrderPlaced, { orderId, step })));
  await all;
  for (const steps of seen.values()) expect(steps).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
});

it("keeps a message that fails as a dead letter with its reason, and replays it", async () => {
  const orderId = newId("broken");
  const bus = await started(orders(() => undefined));
  await expect(bus.request(PlaceOrder, { orderId, items: 1 })).rejects.toBeInstanceOf(RemoteError);
  await bus.stop();
  const cured: string[] = [];
  let handled: () => void = () => undefined;
  const replayed = new Promise<void>((resolve) => (handled = resolve));
  const repaired = service("swap-orders").handle(PlaceOrder, ({ orderId: id }) => {
    if (!cured.includes(id)) cured.push(id);
    if (id === orderId) handled();
    return { total: 0 };
  });
  const next = await started(repaired);
  const letters = await next.deadLetters("swap-orders").replay();
  expect(letters.map(({ failure }) => failure.message)).toContain(`order ${orderId} has no address`);
  await replayed;
  expect(await next.deadLetters("swap-orders").list()).toEqual([]);
});

it("gives the whole history, in order, to a service that comes later", async () => {
  const bus = await started();
  const orderId = newId("order");
  for (let step = 1; step <= 5; step++) await bus.publish(OrderPlaced, { orderId, step });
  const diary = new Diary();
  const mine = (id: string, step: number, line: string): void => {
    if (id === orderId) diary.note("mine", step, line);
  };
  await started(audit(newId("audit"), mine));
  expect(await diary.until(5)).toEqual([1, 2, 3, 4, 5].map((step) => `mine    audit: step ${step}`));
});

it("explains what it promises on this broker", async () => {
  const bus = await started(orders(() => undefined));
  const { contracts, capabilities } = bus.explain();
  expect(contracts.map(({ name }) => name)).toEqual([PlaceOrder.name, "swap.remind"]);
  expect(capabilities?.order.level).not.toBe("none");
  expect(contracts[0]).toMatchObject({ order: { lanes: 4 }, owner: "swap-orders" });
});
