import type { Delivery, Transport } from "@waybill/core/transport";
import { expect, it } from "vitest";
import { describeExternal } from "./describe-external.ts";
import { LONGEST_DELAY_MS } from "../src/topology/delay-tiers.ts";

/** The time limit of one test, against tests that hang. */
const LIMIT_MS = 120_000;
const PATIENCE = { timeout: 40_000 };
/** More messages than wait in one process for one delay tier. */
const MANY = 8_300;
/** Long enough for a message to be read before it is due, so that it waits in a delay tier. */
const AHEAD_MS = 3_000;

await describeExternal("headers of the adapter that an external program forges", LIMIT_MS, (external) => {
  /** A queue without lanes, and its deliveries. */
  const queue = async (): Promise<{ name: string; from: Transport; seen: Delivery[] }> => {
    const name = await external.topic({}, 3);
    const from = await external.transport(name);
    const topology = { queues: [{ name, lanes: undefined }], topics: [], groups: [], services: ["svc"] };
    await from.provision(topology, "apply");
    const seen: Delivery[] = [];
    const subscription = await from.subscribe(
      { kind: "queue", name, group: "svc", lanes: undefined },
      (delivery) => {
        seen.push(delivery);
        return Promise.resolve({ type: "ack" });
      },
    );
    subscription.credit(100);
    return { name, from, seen };
  };
  const write = (name: string, headers: Record<string, string>, many = 1): Promise<unknown> =>
    external.producer.send({
      topic: name,
      messages: Array.from({ length: many }, () => ({ value: "theirs", headers })),
    });
  const ownAfter = async ({ name, from }: { name: string; from: Transport }): Promise<string> => {
    const message = external.message(name, { lane: undefined, deliverAt: Date.now() + AHEAD_MS });
    expect(await from.publish([message])).toEqual([{ ok: true }]);
    return message.id;
  };

  it.each(["-1", "99999", "1.5", "1e2", ""])(
    "with lane %j on a queue without lanes are ignored when the message is due",
    async (lane) => {
      const place = await queue();
      await write(place.name, { "waybill-due": String(Date.now() + AHEAD_MS), "waybill-lane": lane });
      await expect.poll(() => place.seen.length, PATIENCE).toBe(1);
      const own = await ownAfter(place);
      await expect.poll(() => place.seen.map(({ message }) => message.id), PATIENCE).toContain(own);
    },
  );

  it("with an impossible lane on many messages do not hold up other delayed messages", async () => {
    const place = await queue();
    await write(place.name, { "waybill-due": String(Date.now() + AHEAD_MS), "waybill-lane": "99999" }, MANY);
    const own = await ownAfter(place);
    await expect.poll(() => place.seen.some(({ message }) => message.id === own), PATIENCE).toBe(true);
    await expect.poll(() => place.seen.length, PATIENCE).toBe(MANY + 1);
  });

  it.each(["-1000000", "-9000000000000000", "0", "9007199254740991", "1e3", "2.5"])(
    "with attempt %j count as the first attempt",
    async (attempt) => {
      const { name, seen } = await queue();
      await write(name, { "waybill-attempt": attempt });
      await expect.poll(() => seen.map((delivery) => delivery.attempt), PATIENCE).toEqual([1]);
    },
  );

  it.each([String(Date.now() + 2 * LONGEST_DELAY_MS), "9007199254740991", "-5", "soon"])(
    "with due time %j are ignored",
    async (due) => {
      const { name, seen } = await queue();
      await write(name, { "waybill-due": due });
      await expect.poll(() => seen.length, PATIENCE).toBe(1);
    },
  );
});
