import { startForTests } from "@waybill/brokers/for-tests";
import { createBus, event, service } from "@waybill/core";
import { afterAll, describe, expect, it } from "vitest";
import { z } from "zod";

/** Each event has a topic, the group's own topic and a delay topic. */
const EVENTS = 100;
/** The time limit of the test, against one that hangs. */
const LIMIT_MS = 120_000;

const broker = await startForTests("kafka");

describe.skipIf(broker === undefined)("a broker that has never had a group", { timeout: LIMIT_MS }, () => {
  afterAll(() => broker?.end(), LIMIT_MS);

  it(`starts a service with ${EVENTS} events at the first attempt`, async () => {
    const contracts = Array.from({ length: EVENTS }, (_, at) => event(`fresh.e${at}`, { data: z.number() }));
    const heard = new Set<number>();
    let shop = service("shop");
    for (const contract of contracts) shop = shop.on(contract, (at) => void heard.add(at));
    const bus = await createBus({ transport: broker?.url ?? "", services: [shop] });
    await bus.start();
    for (const [at, contract] of contracts.entries()) await bus.publish(contract, at);
    await expect.poll(() => heard.size, { timeout: 60_000 }).toBe(EVENTS);
    await bus.stop();
  });
});
