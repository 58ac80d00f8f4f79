import { jetstream, jetstreamManager } from "@nats-io/jetstream";
import { headers } from "@nats-io/transport-node";
import { startForTests } from "@waybill/brokers/for-tests";
import { ACK, isMessagingError } from "@waybill/core/transport";
import { systemEnvironment } from "@waybill/core/transport-kit";
import { describe, expect, it, vi } from "vitest";
import { natsTransport } from "../src/index.ts";
import { consumed, consumedFrom, messageTo, sourceOf, thrownBy, topologyOf } from "./queues.ts";
import { LIMIT_MS, usersOf } from "./users.ts";

/** One account with all permissions, and one without JetStream. */
const ACCOUNTS = `
max_payload: 65536
accounts {
  all: {
    jetstream: enabled
    users: [{ user: all, password: all }]
  }
  bare: { users: [{ user: bare, password: bare }] }
}
`;

const broker = await startForTests("nats", { config: [ACCOUNTS] });

describe.skipIf(broker === undefined)("a refusal of NATS", () => {
  if (broker === undefined) return;
  const { open, openClient } = usersOf(broker);

  it("an account without JetStream: connecting fails with the advice to enable it", async () => {
    const error = await thrownBy(() => open("bare"));
    expect(isMessagingError(error, "connect-failed")).toBe(true);
    expect(String(error)).toMatch(/Enable JetStream/);
  });

  it(
    "a server without JetStream: connecting fails with the advice to enable it",
    async () => {
      const other = await startForTests("nats", { config: ["jetstream: false"] });
      if (other === undefined) return;
      try {
        const transport = natsTransport({ url: other.url }, systemEnvironment);
        const error = await thrownBy(() => transport.connect(new AbortController().signal));
        expect(isMessagingError(error, "connect-failed")).toBe(true);
        expect(String(error)).toMatch(/Enable JetStream/);
        await transport.close(Date.now());
      } finally {
        await other.end();
      }
    },
    LIMIT_MS,
  );

  it("a wrong password: connecting fails with an error that contains the address and not the password", async () => {
    const { host } = new URL(broker.url);
    const error = await thrownBy(() =>
      natsTransport({ url: `nats://all:s3cret@${host}` }, systemEnvironment).connect(
        new AbortController().signal,
      ),
    );
    expect(isMessagingError(error, "connect-failed")).toBe(true);
    expect(String(error)).toContain(host);
    expect(String(error)).toMatch(/password/);
    expect(String(error)).not.toContain("s3cret");
  });

  it("a stream that exists with another configuration: provisioning reports each difference and changes nothing", async () => {
    const nc = await openClient();
    const jsm = await jetstreamManager(nc);
    await jsm.streams.add({
      name: "queue-shop=drift",
      subjects: ["waybill.queue.*.shop.drift"],
      max_msgs: 5,
    });
    const drift = await (await open()).provision(topologyOf("shop.drift"), "apply");
    expect(drift).toContainEqual({
      kind: "different",
      entity: "stream queue-shop=drift of queue shop.drift",
      property: "retention",
      expected: "workqueue",
      actual: "limits",
    });
    expect((await jsm.streams.info("queue-shop=drift")).config.max_msgs).toBe(5);
    await nc.close();
  });

  it("a foreign stream with overlapping subjects: provisioning fails and names the stream that it cannot create", async () => {
    const nc = await openClient();
    await (
      await jetstreamManager(nc)
    ).streams.add({ name: "theirs", subjects: ["waybill.queue.-.shop.theirs"] });
    const transport = await open();
    const error = await thrownBy(() => transport.provision(topologyOf("shop.theirs"), "apply"));
    expect(isMessagingError(error, "provisioning-failed")).toBe(true);
    expect(String(error)).toMatch(/queue-shop=theirs.*overlap/);
    await nc.close();
  });

  it("a full stream: the message is rejected, and stored once the stream has space", async () => {
    const nc = await openClient();
    const jsm = await jetstreamManager(nc);
    const transport = await open();
    await transport.provision(topologyOf("shop.full"), "apply");
    await jsm.streams.update("queue-shop=full", { max_msgs: 1 });
    expect(await transport.publish([messageTo("shop.full")])).toEqual([{ ok: true }]);
    const second = messageTo("shop.full");
    const [refused] = await transport.publish([second]);
    expect(refused).toMatchObject({ ok: false, error: { code: "rejected", maybeStored: false } });
    expect(JSON.stringify(refused)).toContain("maximum messages exceeded");
    await jsm.streams.purge("queue-shop=full");
    expect(await transport.publish([second])).toEqual([{ ok: true }]);
    await nc.close();
  });

  it("a message above max_payload: it is refused as too-large, by the limit of the server", async () => {
    const transport = await open();
    await transport.provision(topologyOf("shop.large"), "apply");
    expect(transport.capabilities.largestMessage).toBeLessThanOrEqual(65_536);
    const body = new Uint8Array(transport.capabilities.largestMessage);
    const [refused] = await transport.publish([{ ...messageTo("shop.large"), body }]);
    expect(refused).toMatchObject({ ok: false, error: { code: "too-large", maybeStored: false } });
  });

  it(
    "a failed message that almost fills max_payload: it becomes a dead letter with a shortened reason",
    async () => {
      const nc = await openClient();
      const transport = await open();
      await transport.provision(topologyOf("shop.brim"), "apply");
      await jetstream(nc).publish("waybill.queue.-.shop.brim", new Uint8Array(65_000).fill(7));
      const why = { "waybill-failure-code": "invalid-message", "waybill-failure-message": "x".repeat(4_000) };
      await consumed(transport, "shop.brim", () => ({ type: "dead-letter", headers: why }));
      const letters = await consumedFrom(transport, { kind: "dead-letters", group: "shop.brim" });
      await vi.waitFor(() => expect(letters).toHaveLength(1), LIMIT_MS);
      const [letter] = letters;
      expect(letter?.message.body).toHaveLength(65_000);
      expect(letter?.message.headers["waybill-failure-code"]).toBe("invalid-message");
      expect(letter?.message.headers["waybill-failure-message"]).toMatch(/^x{200,400}$/);
      await nc.close();
    },
    LIMIT_MS,
  );

  it(
    "a failed message that fills max_payload: it stays in its stream, and other messages go on",
    async () => {
      const nc = await openClient();
      const transport = await open();
      await transport.provision(topologyOf("shop.full-up"), "apply");
      await jetstream(nc).publish("waybill.queue.-.shop.full-up", new Uint8Array(65_536));
      const seen = await consumed(transport, "shop.full-up", ({ message }) =>
        message.body.length === 65_536 ? { type: "dead-letter", headers: { why: "no" } } : ACK,
      );
      await transport.publish([messageTo("shop.full-up")]);
      await vi.waitFor(() => expect(seen).toHaveLength(2), LIMIT_MS);
      const { state } = await (await jetstreamManager(nc)).streams.info("queue-shop=full-up");
      expect(state.messages).toBeGreaterThanOrEqual(1);
      await nc.close();
    },
    LIMIT_MS,
  );

  it(
    "garbage and foreign messages: they are delivered unchanged, and core decides about them",
    async () => {
      const nc = await openClient();
      const js = jetstream(nc);
      const transport = await open();
      await transport.provision(topologyOf("shop.foreign"), "apply");
      const subject = "waybill.queue.-.shop.foreign";
      const others = headers();
      others.append("X-Their-Own", "one");
      others.append("X-Their-Own", "two");
      others.set("Content-Type", "text/plain");
      await js.publish(subject, new Uint8Array([0, 255, 1]));
      await js.publish(subject, "theirs", { headers: others, msgID: "their id" });
      const seen = await consumed(transport, "shop.foreign");
      await vi.waitFor(() => expect(seen).toHaveLength(2), LIMIT_MS);
      const [garbage, foreign] = seen.map(({ message }) => message);
      expect(garbage).toMatchObject({
        id: expect.stringMatching(/^queue-shop=foreign\/1:/),
        contentType: "",
        headers: {},
      });
      expect([...(garbage?.body ?? [])]).toEqual([0, 255, 1]);
      expect(foreign).toMatchObject({
        id: "their id",
        contentType: "text/plain",
        headers: { "X-Their-Own": "one, two" },
      });
      await nc.close();
    },
    LIMIT_MS,
  );

  it(
    "header names that NATS cannot write: the message is rejected with the name; header values of any kind arrive",
    async () => {
      const transport = await open();
      await transport.provision(topologyOf("shop.headers"), "apply");
      for (const name of ["two words", "a:b", "ünicode", "line\nbreak"]) {
        const [refused] = await transport.publish([
          { ...messageTo("shop.headers"), headers: { [name]: "x" } },
        ]);
        expect(refused).toMatchObject({ ok: false, error: { code: "rejected", maybeStored: false } });
        expect(refused).toMatchObject({ error: { message: expect.stringContaining(JSON.stringify(name)) } });
      }
      const values = {
        "app-a": "\r\nNats-Rollup: all",
        "app-b": " \u0000 ",
        "Nats-TTL": "1s",
        "Nats-Rollup": "all",
      };
      const seen = await consumed(transport, "shop.headers");
      expect(await transport.publish([{ ...messageTo("shop.headers"), headers: values }])).toEqual([
        { ok: true },
      ]);
      await vi.waitFor(() => expect(seen).toHaveLength(1), LIMIT_MS);
      expect(seen[0]?.message.headers).toEqual(values);
    },
    LIMIT_MS,
  );

  it.each(["shop.*", ">", "a b", "a..b", "a.\n", ""])(
    "the invalid name %j: provisioning, publishing and subscribing refuse it, and nothing is created",
    async (name) => {
      const transport = await open();
      const error = await thrownBy(() => transport.provision(topologyOf(name), "apply"));
      expect(isMessagingError(error, "provisioning-failed")).toBe(true);
      expect(String(error)).toContain(JSON.stringify(name));
      const [refused] = await transport.publish([messageTo(name)]);
      expect(refused).toMatchObject({ ok: false, error: { code: "rejected", maybeStored: false } });
      const unknown = await thrownBy(() => transport.subscribe(sourceOf(name), () => Promise.resolve(ACK)));
      expect(isMessagingError(unknown, "unroutable")).toBe(true);
    },
  );
});
