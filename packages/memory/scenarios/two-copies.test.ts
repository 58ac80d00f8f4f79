import * as one from "@waybill/core";
import { inspect } from "node:util";
import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { z } from "zod";

/**
 * Another copy of core, as a bundle or a second version in a monorepo has it: the same code with classes of its own.
 */
let other: typeof one;
beforeAll(async () => {
  vi.resetModules();
  other = await import("@waybill/core");
  expect(other.service).not.toBe(one.service);
});

const buses: one.Bus[] = [];
async function started(options: one.BusOptions): Promise<one.Bus> {
  const bus = await one.createBus({ transport: "memory:", ...options });
  buses.push(bus);
  await bus.start();
  return bus;
}
afterEach(async () => {
  await Promise.all(buses.splice(0).map((bus) => bus.stop()));
});

const FACTS = { what: "It is so.", advice: "Do that." };
const FAILURE = { code: "X", message: "no", service: "s" };

describe("two copies of core in a process", () => {
  it("recognise each other's errors, by isMessagingError and by instanceof", () => {
    const plain = new other.MessagingError("invalid-data", FACTS);
    const remote = new other.RemoteError("c", FAILURE, "1");
    expect(plain instanceof one.MessagingError && remote instanceof one.MessagingError).toBe(true);
    expect([remote instanceof one.RemoteError, plain instanceof one.RemoteError]).toEqual([true, false]);
    expect(one.isMessagingError(plain, "invalid-data")).toBe(true);
    expect(one.isMessagingError(plain, "closed")).toBe(false);
    class Own extends one.MessagingError {}
    expect([plain instanceof Own, new Own("closed", FACTS) instanceof Own]).toEqual([false, true]);
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    for (const foreign of [new Error("no"), null, undefined, "x", { code: "invalid-data" }, proxy]) {
      expect(one.isMessagingError(foreign)).toBe(false);
      expect(foreign instanceof one.RemoteError).toBe(false);
    }
  });

  it.each([
    [
      "a non-retriable error of the other copy",
      () => new other.MessagingError("invalid-data", FACTS),
      "invalid-data",
    ],
    [
      "an error whose class of this copy is in neverRetry",
      () => new other.RemoteError("c", FAILURE, "1"),
      "remote-failure",
    ],
  ])("%s is dead-lettered at once, with its code", async (_, thrown, code) => {
    let tries = 0;
    const Act = one.command("owner.act", { data: z.object({}) });
    const recovery = { immediate: 2, delayed: false, neverRetry: [one.RemoteError] } as const;
    const owner = one.service("owner", { recovery }).handle(Act, () => {
      tries += 1;
      throw thrown();
    });
    const bus = await started({ services: [owner] });
    await bus.send(Act, {});
    await vi.waitFor(async () =>
      expect(await bus.deadLetters("owner").list()).toMatchObject([{ failure: { code } }]),
    );
    expect(tries).toBe(1);
  });

  it("share contracts, services, configurations and secrets", async () => {
    vi.stubEnv("WAYBILL_TRANSPORT", "memory:shared-by-copies");
    const Ask = other.command("owner.ask", { data: z.object({}), reply: z.object({ n: z.number() }) });
    const owner = other.service("owner").handle(Ask, () => ({ n: 7 }));
    const config = other.defineConfig({ transport: other.fromEnv("WAYBILL_TRANSPORT") });
    const bus = await started({ ...config, services: [owner], sends: [Ask] });
    expect(await bus.request(Ask, {})).toEqual({ n: 7 });
    expect(() => one.defineConfig({ transport: other.fromEnv("WAYBILL_TRANSPORT") })).not.toThrow();
  });

  it("read each other's secrets inside options, and print none", async () => {
    vi.stubEnv("PASSWORD", "s3cret");
    const password = other.fromEnv("PASSWORD");
    const options = { transport: "nats://127.0.0.1:1", nats: { username: "u", password } };
    expect(inspect(await one.createBus(options), { depth: 9, showHidden: true })).not.toContain("s3cret");
  });

  it("find the running handler of a bus of the other copy", async () => {
    const Act = one.command("owner.act", { data: z.object({}), reply: z.object({}) });
    const Acted = one.event("owner.acted", { data: z.object({}) });
    const causes: (string | undefined)[] = [];
    const shared = await other.createBus({ transport: "memory:both-copies", sends: [Acted] });
    const owner = one.service("owner").handle(Act, async (_, { message }) => {
      causes.push(message.id);
      await shared.publish(Acted, {});
      return {};
    });
    const heard = new Promise<string | undefined>((resolve) => {
      const ear = one.service("ear").on(Acted, (_, { message }) => resolve(message.causationId));
      void started({ transport: "memory:both-copies", services: [owner, ear] }).then(async (bus) => {
        await shared.start();
        await bus.request(Act, {});
      });
    });
    expect(await heard).toBe(causes[0]);
    await shared.stop();
  });
});

describe("createBus refuses a value of the wrong type and prints no part of it", () => {
  it.each([
    ["a URL object", new URL("amqp://user:s3cret@host"), "a URL object, whose text is its href"],
    ["a promise", Promise.resolve("s3cret"), "a promise that was not awaited"],
    ["an object", { url: "s3cret" }, "a value of type object"],
    ["a function", () => "s3cret", "a value of type function"],
    ["null", null, "The option transport is null"],
    ["a number", 7, "a value of type number"],
  ])("%s as the transport", async (_, transport, text) => {
    const making = one.createBus({ transport: transport as never });
    await expect(making).rejects.toMatchObject({ code: "invalid-option" });
    await expect(making).rejects.toThrow(text);
    await expect(making).rejects.not.toThrow("s3cret");
  });

  it("an object that is not a service, and text that is not a contract", async () => {
    const classes = { name: "owner", classes: [], options: {} } as never;
    await expect(one.createBus({ transport: "memory:", services: [classes] })).rejects.toThrow(
      "services[0] is not a service. Give the result of service().",
    );
    await expect(one.createBus({ transport: "memory:", sends: ["owner.act" as never] })).rejects.toThrow(
      "sends[0] is not a contract. Give a contract that command() or event() returned.",
    );
  });
});
