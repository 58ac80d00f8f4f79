import { command, createBus, event, service, type Bus, type BusOptions } from "@waybill/core";
import { expect } from "vitest";
import { z } from "zod";

const WAIT = { timeout: 20_000 };
/** One delayed retry. */
const SOON = { immediate: 0, delayed: { rounds: 1, first: "200ms" } } as const;

const order = z.object({ id: z.string() });
const Place = command("shop.place", { data: order, reply: order });
const Placed = event("shop.placed", { data: order });

/** The users of the broker. Each has exactly the permissions that the page lists. */
export const USERS = ["keeper", "customer", "shop", "mail", "clerk"] as const;
export type User = (typeof USERS)[number];

/**
 * Runs a story with all users. The keeper provisions. The customer sends requests; the shop replies, publishes, fails
 * and dead-letters. The mail service subscribes and retries. The clerk replays a dead letter. Resolves when all of it
 * has happened.
 */
export async function runWithAllUsers(urlOf: (user: User) => string): Promise<void> {
  const running: Bus[] = [];
  const warnings: string[] = [];
  const busOf = async (user: User, options: Partial<BusOptions>): Promise<Bus> => {
    const onWarning = (warning: string): void => void warnings.push(`${user}: ${warning}`);
    const bus = await createBus({ transport: urlOf(user), provision: "none", onWarning, ...options });
    running.push(bus);
    await bus.start();
    return bus;
  };
  let isOpen = false;
  const shop = service("shop", { recovery: SOON }).handle(Place, async ({ id }, { publish }) => {
    if (id === "late" && !isOpen) throw new Error("the shop is closed");
    await publish(Placed, { id });
    return { id };
  });
  const received: string[] = [];
  const tries: string[] = [];
  const mail = service("mail", { recovery: SOON }).on(Placed, ({ id }) => {
    tries.push(id);
    if (tries.length === 1) throw new Error("not yet");
    received.push(id);
  });
  try {
    const keeper = await busOf("keeper", {
      provision: "apply",
      services: [shop, mail],
      sends: [Place, Placed],
    });
    await keeper.stop();
    await busOf("shop", { services: [shop], sends: [Placed] });
    await busOf("mail", { services: [mail] });
    const customer = await busOf("customer", { sends: [Place] });
    expect(await customer.request(Place, { id: "first" })).toEqual({ id: "first" });
    await expect.poll(() => received, WAIT).toEqual(["first"]);
    expect(tries).toEqual(["first", "first"]);

    await expect(customer.request(Place, { id: "late" })).rejects.toThrow("the shop is closed");
    isOpen = true;
    const letters = (await busOf("clerk", {})).deadLetters("shop");
    await expect.poll(async () => (await letters.list()).length, WAIT).toBe(1);
    await letters.replay();
    await expect.poll(() => received, WAIT).toEqual(["first", "late"]);
    expect(await letters.list()).toEqual([]);
    expect(warnings).toEqual([]);
  } finally {
    await Promise.all(running.map((bus) => bus.stop()));
  }
}
