import { randomBytes } from "node:crypto";
import { startForTests } from "@waybill/brokers/for-tests";
import { createBus, isMessagingError, command, service, type Bus, type DeadLetter } from "@waybill/core";
import { systemEnvironment } from "@waybill/core/transport-kit";
import type { Options } from "amqplib";
import { afterAll, afterEach, describe, expect, it, vi } from "vitest";
import { z } from "zod";
import { rabbitmqTransport } from "../src/index.ts";
import { ordersOf, urlWith, withClient } from "./world.ts";

/** The size limit of this server, in bytes; lower than the default of its version. */
const LIMIT = 100_000;
const broker = await startForTests("rabbitmq", { config: [`max_message_size = ${LIMIT}`] });
vi.setConfig({ testTimeout: 60_000 });

const buses: Bus[] = [];

async function started(...options: Parameters<typeof createBus>): Promise<Bus> {
  const bus = await createBus(...options);
  buses.push(bus);
  await bus.start();
  return bus;
}

async function failure(work: Promise<unknown>): Promise<{ readonly code: string; readonly message: string }> {
  const error: unknown = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!isMessagingError(error)) throw new Error(`expected a coded error, not ${String(error)}`);
  return error;
}

describe.skipIf(broker === undefined)("bad input for RabbitMQ", () => {
  if (broker === undefined) return;
  const { url } = broker;
  afterEach(() => Promise.all(buses.splice(0).map((bus) => bus.stop())));
  afterAll(() => broker.end());

  describe("start is refused, with the name of the problem, for", () => {
    it("wrong credentials", async () => {
      const transport = urlWith(url, { user: "guest:secret" });
      const error = await failure(started({ transport, services: [ordersOf("nobody").shop] }));
      expect(error.code).toBe("connect-failed");
      expect(error.message).toMatch(/127\.0\.0\.1:\d+.*Check the user name and the password/s);
      expect(error.message).not.toContain("secret");
    });

    it("a virtual host that does not exist, or that the user may not use", async () => {
      await broker.tool("add_user", "foreigner", "pass");
      for (const transport of [
        urlWith(url, { vhost: "/nowhere" }),
        urlWith(url, { user: "foreigner:pass" }),
      ]) {
        const error = await failure(started({ transport, services: [ordersOf("nobody").shop] }));
        expect(error.code).toBe("connect-failed");
        expect(error.message).toMatch(/the virtual host\..*Check that the virtual host exists/s);
      }
    });

    it("no permission to declare", async () => {
      await broker.tool("add_user", "reader", "pass");
      await broker.tool("set_permissions", "reader", "^$", ".*", ".*");
      const transport = urlWith(url, { user: "reader:pass" });
      const error = await failure(started({ transport, services: [ordersOf("undeclared").shop] }));
      expect(error.code).toBe("not-permitted");
      expect(error.message).toMatch(/waybill\.delay|undeclared/);
      expect(error.message).toMatch(/Grant configure/);
    });

    it("no permission to read", async () => {
      await started({ transport: url, services: [ordersOf("unread").shop] });
      await broker.tool("add_user", "writer", "pass");
      await broker.tool("set_permissions", "writer", ".*", ".*", "^(waybill|unread:).*");
      const transport = urlWith(url, { user: "writer:pass" });
      const { shop } = ordersOf("unread");
      const error = await failure(started({ transport, provision: "none", services: [shop] }));
      expect(error.code).toBe("not-permitted");
      expect(error.message).toMatch(/queue unread\.place-order.*Grant read permission/s);
    });

    it("an existing queue with other arguments", async () => {
      await withClient(broker, async (model) => {
        const channel = await model.createChannel();
        await channel.assertQueue("drifted.place-order", { arguments: { "x-max-length": 7 } });
      });
      const error = await failure(started({ transport: url, services: [ordersOf("drifted").shop] }));
      expect(error.code).toBe("topology-drift");
      expect(error.message).toMatch(/queue drifted\.place-order has x-queue-type classic instead of quorum/);
      expect(error.message).toMatch(/queue drifted\.place-order has x-max-length 7 instead of none/);
    });
  });

  describe("one publish is refused, and no other, for", () => {
    it("no permission to write", async () => {
      const { shop, PlaceOrder } = ordersOf("unwritten");
      await started({ transport: url, services: [shop] });
      await broker.tool("add_user", "listener", "pass");
      await broker.tool("set_permissions", "listener", ".*", "^unwritten:.*", ".*");
      const transport = urlWith(url, { user: "listener:pass" });
      const bus = await started({ transport, provision: "none", sends: [PlaceOrder] });
      const error = await failure(bus.send(PlaceOrder, { orderId: 1 }));
      expect(error.code).toBe("not-permitted");
      expect(error.message).toMatch(/unwritten\.place-order/);
    });

    it("a message above the size limit, whether the limit is configured or learnt", async () => {
      const handled: number[] = [];
      const Store = command("archive.store", { data: z.object({ text: z.string() }) });
      const archive = service("archive").handle(Store, ({ text }) => void handled.push(text.length));
      for (const largestMessage of [undefined, LIMIT]) {
        const transport = rabbitmqTransport(
          { url, ...(largestMessage !== undefined && { largestMessage }) },
          systemEnvironment,
        );
        const bus = await started({ transport, services: [archive] });
        const small = Promise.all(Array.from({ length: 50 }, () => bus.send(Store, { text: "small" })));
        const error = await failure(bus.send(Store, { text: "x".repeat(LIMIT) }));
        expect(error.code).toBe("too-large");
        expect(error.message).toMatch(/archive\.store/);
        expect(error.message).toContain(LIMIT.toLocaleString("en").replaceAll(",", ""));
        await small;
      }
      await vi.waitFor(() => expect(handled.length).toBeGreaterThanOrEqual(100), 20_000);
      expect(handled).not.toContain(LIMIT);
    });
  });

  describe("foreign messages in a queue", () => {
    const CLOUD_EVENT = { contentType: "application/cloudevents+json" };
    const event = (attributes: object): Buffer =>
      Buffer.from(
        JSON.stringify({
          specversion: "1.0",
          id: "1",
          source: "/somebody",
          type: "x",
          data: {},
          ...attributes,
        }),
      );
    const foreign: readonly (readonly [string, Buffer, Options.Publish])[] = [
      ["an empty body", Buffer.alloc(0), {}],
      ["random bytes", randomBytes(500), {}],
      ["random bytes with the content type of an event", randomBytes(500), CLOUD_EVENT],
      ["half of an event", event({}).subarray(0, 20), CLOUD_EVENT],
      ["JSON that is not an event", Buffer.from('{"hello":"world"}'), CLOUD_EVENT],
      ["an event of another type", event({ type: "somebody.elses" }), CLOUD_EVENT],
      [
        "an event with other data",
        event({ type: "foreign.place-order", data: { orderId: "one" } }),
        CLOUD_EVENT,
      ],
      ["a compressed body", randomBytes(100), { contentEncoding: "gzip", contentType: "application/json" }],
      [
        "odd properties",
        Buffer.from("odd"),
        { userId: "guest", expiration: "600000", priority: 9, replyTo: "amq.rabbitmq.reply-to.x", type: "t" },
      ],
    ];

    it("become dead letters with unchanged bodies and a reason, and other messages are handled", async () => {
      const { shop, PlaceOrder, handled } = ordersOf("foreign");
      const bus = await started({ transport: url, services: [shop] });
      await withClient(broker, async (model) => {
        const channel = await model.createConfirmChannel();
        for (const [, body, properties] of foreign)
          channel.publish("", PlaceOrder.destination, body, { persistent: true, ...properties });
        await channel.waitForConfirms();
      });
      await bus.send(PlaceOrder, { orderId: 12 });
      await vi.waitFor(() => expect(handled).toEqual([12]), 10_000);
      const deadLetters = await deadLettersOf(bus, { service: "foreign", count: foreign.length });
      for (const [what, body] of foreign) {
        const deadLetter = deadLetters.find((each) => Buffer.compare(each.body, body) === 0);
        expect(deadLetter?.failure.code, what).toMatch(/^(undecodable|unknown-type|invalid-message)$/);
        expect(deadLetter?.failure.message, what).not.toBe("");
        expect(deadLetter?.failure.source, what).toBe(`queue:${PlaceOrder.destination}`);
      }
      expect(bus.state()).toMatchObject({ status: "ready" });
    });

    it("with header values of unusual types do no harm, and a dead letter contains them as text", async () => {
      const { shop, PlaceOrder, handled } = ordersOf("odd-headers");
      const bus = await started({ transport: url, services: [shop] });
      const headers = {
        number: 42,
        large: 2 ** 40,
        fraction: 0.5,
        yes: true,
        nothing: null,
        bytes: Buffer.from([0, 255]),
        time: { "!": "timestamp", value: 1_700_000_000 },
        money: { "!": "decimal", value: { digits: 1234, places: 2 } },
        list: [1, "two", [true]],
        table: { deep: { deeper: ["x"] } },
        "x-delivery-count": "many",
        "waybill-attempt": { not: "a number" },
        __proto__x: "y",
        CC: [],
      };
      await withClient(broker, async (model) => {
        const channel = await model.createConfirmChannel();
        const good = event({ type: PlaceOrder.name, data: { orderId: 7 } });
        channel.publish("", PlaceOrder.destination, good, { ...CLOUD_EVENT, headers });
        channel.publish("", PlaceOrder.destination, Buffer.from("bad"), { headers });
        await channel.waitForConfirms();
      });
      await vi.waitFor(() => expect(handled).toEqual([7]), 10_000);
      const [deadLetter] = await deadLettersOf(bus, { service: "odd-headers", count: 1 });
      expect(deadLetter?.headers).toMatchObject({
        number: "42",
        yes: "true",
        nothing: "null",
        bytes: "AP8=",
      });
      expect(deadLetter?.failure.code).toBe("undecodable");
    });

    it("with a hostile reply address become dead letters, and no connection is lost", async () => {
      const Ask = command("oracle.ask", { data: z.object({}), reply: z.object({ answer: z.number() }) });
      const oracle = service("oracle", { recovery: { immediate: 0, delayed: false } }).handle(Ask, () => ({
        answer: 42,
      }));
      const bus = await started({ transport: url, services: [oracle] });
      const states: string[] = [];
      bus.onState(({ status }) => states.push(status));
      const hostile = [
        "amq.rabbitmq.reply-to.not-one",
        "amq.rabbitmq.reply-to",
        "oracle.ask",
        "oracle:dead-letters",
        "",
        "x".repeat(10_000),
        "waybill.reply.../../etc",
      ];
      await withClient(broker, async (model) => {
        const channel = await model.createConfirmChannel();
        for (const [at, replyto] of hostile.entries())
          channel.publish(
            "",
            Ask.destination,
            event({ id: String(at), type: Ask.name, replyto }),
            CLOUD_EVENT,
          );
        await channel.waitForConfirms();
      });
      const deadLetters = await deadLettersOf(bus, { service: "oracle", count: hostile.length });
      for (const { failure: why } of deadLetters)
        expect(why).toMatchObject({
          code: "foreign-reply-address",
          message: expect.stringMatching(
            /has the reply address ".*", which no transport of this broker created/,
          ) as string,
          tries: 0,
        });
      await expect(bus.request(Ask, {})).resolves.toEqual({ answer: 42 });
      expect(states).not.toContain("disconnected");
      const depths = await broker.tool("list_queues", "name", "messages");
      expect(depths).toMatch(/^oracle\.ask\t0$/m);
    });
  });
});

/** Resolves with the dead letters of a service once there are at least `count`. */
async function deadLettersOf(
  bus: Bus,
  { service: name, count }: { readonly service: string; readonly count: number },
): Promise<readonly DeadLetter[]> {
  let found: readonly DeadLetter[] = [];
  await vi.waitFor(
    async () => {
      found = await bus.deadLetters(name).list();
      expect(found.length).toBeGreaterThanOrEqual(count);
    },
    { timeout: 20_000, interval: 200 },
  );
  return found;
}
