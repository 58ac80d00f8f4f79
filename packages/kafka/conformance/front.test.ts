import { randomBytes } from "node:crypto";
import { command, createBus, service } from "@waybill/core";
import { systemEnvironment } from "@waybill/core/transport-kit";
import type { Transport, WireMessage } from "@waybill/core/transport";
import { expect, it } from "vitest";
import { z } from "zod";
import { MOST_GAPS, SPAN } from "../src/consume/offsets/commit-metadata.ts";
import { aboutOthers } from "./about-others.ts";

/** For one test: the bound is for those that hang. */
const LIMIT_MS = 120_000;
const PATIENCE = { timeout: 60_000 };
const MANY = SPAN + 4_000;
const AT_ONCE = 2_000;

await aboutOthers("a message that stays at the front", LIMIT_MS, (others) => {
  async function write(topic: string, values: readonly string[]): Promise<void> {
    for (let sent = 0; sent < values.length; sent += AT_ONCE)
      await others.producer.send({
        topic,
        messages: values.slice(sent, sent + AT_ONCE).map((value) => ({ value })),
      });
  }

  const texts = ["front", ...Array.from({ length: MANY }, (_, at) => String(at))];

  it("of a queue: all behind it are handled, and the next owner gets it, what is new, and nothing twice", async () => {
    const name = await others.topic();
    await write(name, texts);
    const seen: string[] = [];
    const first = await others.provisioned(name);
    await others.consume(first, name, ({ message: { body } }) => {
      const text = Buffer.from(body).toString();
      seen.push(text);
      return text === "front" ? new Promise(() => undefined) : Promise.resolve({ type: "ack" });
    });
    await expect.poll(() => seen.length, PATIENCE).toBe(MANY + 1);
    await first.close(systemEnvironment.clock.now());
    await write(name, ["new"]);
    const left = await others.bodiesOf(name);
    await expect.poll(() => left, PATIENCE).toEqual(["front", "new"]);
  });

  it("with so many others that no commit could name them: is told, and all is read on once they are settled", async () => {
    const name = await others.topic();
    await write(name, texts);
    const made = await others.provisioned(name);
    const held: (() => void)[] = [];
    let acked = 0;
    const source = { kind: "queue", name, group: "svc", lanes: 1 } as const;
    const subscription = await made.subscribe(source, () => {
      if (held.length <= MOST_GAPS) return new Promise((settle) => held.push(() => settle({ type: "ack" })));
      acked += 1;
      return Promise.resolve({ type: "ack" });
    });
    subscription.credit(MOST_GAPS + 100);
    await expect
      .poll(() => others.notices.find((text) => text.includes(`Topic ${name},`)), PATIENCE)
      .toMatch(/more than 400 messages are unsettled, and the first, at offset 0,.*\[blocked\]$/);
    expect(acked).toBeLessThan(MANY - held.length);
    expect(others.notices.filter((text) => text.includes(`Topic ${name},`))).toHaveLength(1);
    for (const settle of held) settle();
    await expect.poll(() => acked + held.length, PATIENCE).toBe(texts.length);
  });

  it("of the dead letters: it and the newest are listed, however many between them were discarded", async () => {
    const Act = command("keeper.act", { data: z.object({}) });
    const keeper = service("keeper").handle(Act, () => undefined);
    const bus = await createBus({ transport: others.url, services: [keeper] });
    await bus.start();
    const topic = "keeper--dead-letters";
    await write(topic, texts);
    const reader = await others.transport("letters");
    let discarded = 0;
    const subscription = await reader.subscribe({ kind: "dead-letters", group: "keeper" }, ({ message }) => {
      if (Buffer.from(message.body).toString() === "front") return new Promise(() => undefined);
      discarded += 1;
      return Promise.resolve({ type: "ack" });
    });
    subscription.credit(100);
    await expect.poll(() => discarded, PATIENCE).toBe(MANY);
    await subscription.drain(systemEnvironment.clock.now());
    await write(topic, ["newest"]);
    const letters = await bus.deadLetters("keeper").list();
    expect(letters.map(({ body }) => Buffer.from(body).toString())).toEqual(["front", "newest"]);
    await bus.stop();
  });

  it("as large as its topic takes: becomes a dead letter all the same, where that topic is ours with all that is said", async () => {
    const name = await others.topic();
    const value = Buffer.alloc(1_048_400, 7);
    await others.producer.send({ topic: name, messages: [{ value }] });
    const why = { "waybill-failure-code": "handler-failed", "waybill-failure-message": "x".repeat(900) };
    const made = await others.provisioned(name);
    await others.consume(made, name, () => Promise.resolve({ type: "dead-letter", headers: why }));
    expect(await letterOf(made, "svc")).toMatchObject({ headers: why, body: { length: value.length } });
  });

  it("and its dead letters' topic takes no more: says less of why; and is told where there is no room for a word", async () => {
    await others.admin.createTopics({
      topics: [
        {
          topic: "tight--dead-letters",
          configEntries: [
            { name: "max.message.bytes", value: "2000" },
            { name: "retention.ms", value: "-1" },
          ],
        },
      ],
      waitForLeaders: false,
    });
    const name = await others.topic();
    // Of so many bytes, however well it is compressed.
    const text = (bytes: number): string => randomBytes(bytes).toString("base64");
    const why = { "waybill-failure-code": "handler-failed", "waybill-failure-message": text(675) };
    const made = await others.transport(name);
    const topology = { queues: [{ name, lanes: 1 }], topics: [], groups: [], services: ["tight"] };
    await made.provision(topology, "apply");
    await write(name, [text(4_000), text(1_350)]);
    const source = { kind: "queue", name, group: "tight", lanes: 1 } as const;
    const subscription = await made.subscribe(source, () =>
      Promise.resolve({ type: "dead-letter", headers: why }),
    );
    subscription.credit(10);
    const { headers, body } = await letterOf(made, "tight");
    expect(body.length).toBe(1_800);
    expect(headers["waybill-failure-code"]).toBe("handler-failed");
    expect(headers["waybill-failure-message"]?.length).toBeLessThan(900);
    await expect
      .poll(() => others.notices.find((text) => text.includes("tight--dead-letters")), PATIENCE)
      .toMatch(/cannot be stored in topic tight--dead-letters; they are kept/);
  });

  async function letterOf(from: Transport, group: string): Promise<WireMessage> {
    const letters: WireMessage[] = [];
    const reader = await from.subscribe({ kind: "dead-letters", group }, ({ message }) => {
      letters.push(message);
      return Promise.resolve({ type: "ack" });
    });
    reader.credit(1);
    await expect.poll(() => letters.length, PATIENCE).toBe(1);
    const [letter] = letters;
    if (letter === undefined) throw new Error("no letter came");
    return letter;
  }
});
