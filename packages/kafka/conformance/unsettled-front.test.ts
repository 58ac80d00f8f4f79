import { randomBytes } from "node:crypto";
import { command, createBus, service } from "@waybill/core";
import { systemEnvironment } from "@waybill/core/transport-kit";
import type { Transport, WireMessage } from "@waybill/core/transport";
import { expect, it } from "vitest";
import { z } from "zod";
import { MOST_GAPS, SPAN } from "../src/consume/offsets/commit-metadata.ts";
import { describeExternal } from "./describe-external.ts";

/** The time limit of one test, against tests that hang. */
const LIMIT_MS = 120_000;
const PATIENCE = { timeout: 60_000 };
const MANY = SPAN + 4_000;
const AT_ONCE = 2_000;

await describeExternal(
  "a message that stays unsettled at the front of its partition",
  LIMIT_MS,
  (external) => {
    async function write(topic: string, values: readonly string[]): Promise<void> {
      for (let sent = 0; sent < values.length; sent += AT_ONCE)
        await external.producer.send({
          topic,
          messages: values.slice(sent, sent + AT_ONCE).map((value) => ({ value })),
        });
    }

    const texts = ["front", ...Array.from({ length: MANY }, (_, at) => String(at))];

    it("does not stop the messages behind it, and the next owner gets exactly this message and new ones", async () => {
      const name = await external.topic();
      await write(name, texts);
      const seen: string[] = [];
      const first = await external.provisioned(name);
      await external.consume(first, name, ({ message: { body } }) => {
        const text = Buffer.from(body).toString();
        seen.push(text);
        return text === "front" ? new Promise(() => undefined) : Promise.resolve({ type: "ack" });
      });
      await expect.poll(() => seen.length, PATIENCE).toBe(MANY + 1);
      await first.close(systemEnvironment.clock.now());
      await write(name, ["new"]);
      const left = await external.bodiesOf(name);
      await expect.poll(() => left, PATIENCE).toEqual(["front", "new"]);
    });

    it("stops reading with a warning when too many others are unsettled too, and reading continues once they are settled", async () => {
      const name = await external.topic();
      await write(name, texts);
      const made = await external.provisioned(name);
      const held: (() => void)[] = [];
      let acked = 0;
      const source = { kind: "queue", name, group: "svc", lanes: 1 } as const;
      const subscription = await made.subscribe(source, () => {
        if (held.length <= MOST_GAPS)
          return new Promise((settle) => held.push(() => settle({ type: "ack" })));
        acked += 1;
        return Promise.resolve({ type: "ack" });
      });
      subscription.credit(MOST_GAPS + 100);
      await expect
        .poll(() => external.warnings.find((text) => text.includes(`Topic ${name},`)), PATIENCE)
        .toMatch(
          /more than 400 messages are unsettled, .* past the first of them, at offset 0\. .*\[blocked\]$/,
        );
      expect(acked).toBeLessThan(MANY - held.length);
      expect(external.warnings.filter((text) => text.includes(`Topic ${name},`))).toHaveLength(1);
      for (const settle of held) settle();
      await expect.poll(() => acked + held.length, PATIENCE).toBe(texts.length);
    });

    it("is listed among the dead letters with the newest one, however many between them were discarded", async () => {
      const Act = command("keeper.act", { data: z.object({}) });
      const keeper = service("keeper").handle(Act, () => undefined);
      const bus = await createBus({ transport: external.url, services: [keeper] });
      await bus.start();
      const topic = "keeper--dead-letters";
      await write(topic, texts);
      const reader = await external.transport("letters");
      let discarded = 0;
      const subscription = await reader.subscribe(
        { kind: "dead-letters", group: "keeper" },
        ({ message }) => {
          if (Buffer.from(message.body).toString() === "front") return new Promise(() => undefined);
          discarded += 1;
          return Promise.resolve({ type: "ack" });
        },
      );
      subscription.credit(100);
      await expect.poll(() => discarded, PATIENCE).toBe(MANY);
      await subscription.drain(systemEnvironment.clock.now());
      await write(topic, ["newest"]);
      const letters = await bus.deadLetters("keeper").list();
      expect(letters.map(({ body }) => Buffer.from(body).toString())).toEqual(["front", "newest"]);
      await bus.stop();
    });

    it("becomes a dead letter with all its headers, also when it is as large as its topic allows", async () => {
      const name = await external.topic();
      const value = Buffer.alloc(1_048_400, 7);
      await external.producer.send({ topic: name, messages: [{ value }] });
      const why = { "waybill-failure-code": "handler-failed", "waybill-failure-message": "x".repeat(900) };
      const made = await external.provisioned(name);
      await external.consume(made, name, () => Promise.resolve({ type: "dead-letter", headers: why }));
      expect(await deadLetterOf(made, "svc")).toMatchObject({ headers: why, body: { length: value.length } });
    });

    it("becomes a dead letter with a shorter failure text when the dead-letter topic allows less, and makes its source warn when even that does not fit", async () => {
      await external.admin.createTopics({
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
      const name = await external.topic();
      // Random text of that size, which compression does not shorten.
      const text = (bytes: number): string => randomBytes(bytes).toString("base64");
      const why = { "waybill-failure-code": "handler-failed", "waybill-failure-message": text(675) };
      const made = await external.transport(name);
      const topology = { queues: [{ name, lanes: 1 }], topics: [], groups: [], services: ["tight"] };
      await made.provision(topology, "apply");
      await write(name, [text(4_000), text(1_350)]);
      const source = { kind: "queue", name, group: "tight", lanes: 1 } as const;
      const subscription = await made.subscribe(source, () =>
        Promise.resolve({ type: "dead-letter", headers: why }),
      );
      subscription.credit(10);
      const { headers, body } = await deadLetterOf(made, "tight");
      expect(body.length).toBe(1_800);
      expect(headers["waybill-failure-code"]).toBe("handler-failed");
      expect(headers["waybill-failure-message"]?.length).toBeLessThan(900);
      await expect
        .poll(() => external.warnings.find((text) => text.includes("tight--dead-letters")), PATIENCE)
        .toMatch(/cannot be stored in topic tight--dead-letters; they are kept/);
    });

    async function deadLetterOf(from: Transport, group: string): Promise<WireMessage> {
      const letters: WireMessage[] = [];
      const reader = await from.subscribe({ kind: "dead-letters", group }, ({ message }) => {
        letters.push(message);
        return Promise.resolve({ type: "ack" });
      });
      reader.credit(1);
      await expect.poll(() => letters.length, PATIENCE).toBe(1);
      const [letter] = letters;
      if (letter === undefined) throw new Error("no dead letter arrived");
      return letter;
    }
  },
);
