import {
  command,
  createBus,
  event,
  plainText,
  service,
  type Bus,
  type PlainFormat,
  type Service,
} from "@waybill/core";
import { afterEach, expect, it } from "vitest";
import { z } from "zod";
import { describeExternal } from "./describe-external.ts";
import { createTopic } from "./external-program.ts";

/** The time limit of one test, against tests that hang. */
const LIMIT_MS = 120_000;
const PATIENCE = { timeout: 60_000 };

const data = z.object({ text: z.string().nullable() });
const plain: PlainFormat<z.infer<typeof data>> = {
  read: ({ value }) => ({ text: plainText.read(value) }),
  write: ({ text }) => ({ value: plainText.write(text) }),
};

await describeExternal("a topic of an external program", LIMIT_MS, (external) => {
  const started: Bus[] = [];
  const warnings: string[] = [];

  async function start(topic: string, made: Service, concurrency = 16): Promise<Bus> {
    const bus = await createBus({
      transport: external.url,
      kafka: { topics: { [`in.${topic}`]: topic } },
      services: [made],
      concurrency,
      onWarning: (text) => warnings.push(text),
    });
    started.push(bus);
    await bus.start();
    return bus;
  }

  const commandOn = (topic: string, lanes?: number): ReturnType<typeof command<typeof data>> =>
    command(`in.${topic}`, { data, plain, ...(lanes !== undefined && { lanes }) });

  async function write(topic: string, texts: readonly string[]): Promise<void> {
    await external.producer.send({
      topic,
      messages: texts.map((value, at) => ({ value, partition: at % 3 })),
    });
  }

  async function sizeOf(topic: string): Promise<number> {
    const offsets = await external.admin.fetchTopicOffsets(topic);
    return offsets.reduce((sum, { high }) => sum + Number(high), 0);
  }

  afterEach(async () => {
    await Promise.all(started.splice(0).map((bus) => bus.stop()));
    warnings.length = 0;
  });

  it("receives no copies of delayed retries, with and without lanes", async () => {
    for (const lanes of [undefined, 3]) {
      const topic = await external.topic({}, 3);
      const handled: string[] = [];
      const retried = service(`retries-${topic}`, {
        recovery: { immediate: 0, delayed: { rounds: 2, first: "300ms", factor: 1 } },
      }).handle(commandOn(topic, lanes), ({ text }, { attempt }) => {
        if (attempt === 1) throw new Error("not yet");
        handled.push(text ?? "");
      });
      await start(topic, retried);
      await write(topic, ["a", "b", "c"]);
      await expect.poll(() => handled.toSorted(), PATIENCE).toEqual(["a", "b", "c"]);
      expect(await sizeOf(topic)).toBe(3);
    }
  });

  it("receives no copies of messages that a busy member republishes", async () => {
    const topic = await external.topic({}, 3);
    const handled: string[] = [];
    let release: () => void = () => undefined;
    const released = new Promise<void>((resolve) => (release = resolve));
    const busy = service(`busy-${topic}`).handle(commandOn(topic), () => released);
    const idle = service(`busy-${topic}`).handle(
      commandOn(topic),
      ({ text }) => void handled.push(text ?? ""),
    );
    await start(topic, busy, 1);
    await start(topic, idle);
    const texts = Array.from({ length: 12 }, (_, at) => String(at));
    await write(topic, texts);
    // All but the one message in flight at the busy member.
    await expect.poll(() => handled.length, PATIENCE).toBeGreaterThanOrEqual(texts.length - 1);
    release();
    expect(await sizeOf(topic)).toBe(texts.length);
  });

  it("receives no copies of replayed dead letters", async () => {
    const topic = await external.topic({}, 3);
    let isMended = false;
    const handled: string[] = [];
    const name = `mended-${topic}`;
    const mended = service(name, { recovery: { immediate: 0, delayed: false } }).handle(
      commandOn(topic, 3),
      ({ text }) => {
        if (!isMended) throw new Error("broken");
        handled.push(text ?? "");
      },
    );
    const bus = await start(topic, mended);
    await write(topic, ["a", "b", "c"]);
    const letters = bus.deadLetters(name);
    await expect.poll(async () => (await letters.list()).length, PATIENCE).toBe(3);
    isMended = true;
    expect(await letters.replay()).toHaveLength(3);
    await expect.poll(() => handled.toSorted(), PATIENCE).toEqual(["a", "b", "c"]);
    expect(await sizeOf(topic)).toBe(3);
  });

  it("is read with all its partitions, also those added while it is read", async () => {
    for (const lanes of [undefined, 3]) {
      const topic = await external.topic({}, 3);
      const heard: string[] = [];
      const grown = event(`in.${topic}`, { data, plain, ...(lanes !== undefined && { lanes }) });
      await start(
        topic,
        service(`grown-${topic}`).on(grown, ({ text }) => void heard.push(text ?? "")),
      );
      await external.admin.createPartitions({ topicPartitions: [{ topic, count: 5 }] });
      const messages = [0, 1, 2, 3, 4].map((partition) => ({ partition, value: String(partition) }));
      await expect
        .poll(
          () =>
            external.producer.send({ topic, messages }).then(
              () => true,
              () => false,
            ),
          PATIENCE,
        )
        .toBe(true);
      await expect.poll(() => new Set(heard).size, PATIENCE).toBe(5);
      const told = warnings.filter((text) => text.includes(`Topic ${topic} has 5 partitions`));
      expect(told).toHaveLength(lanes === undefined ? 0 : 1);
    }
  });

  it("is refused when its partitions differ from the lanes of the contract, and the error names the lanes to declare", async () => {
    const topic = await external.topic({}, 3);
    const refused = start(
      topic,
      service(`lanes-${topic}`).handle(commandOn(topic, 2), () => undefined),
    );
    await expect(refused).rejects.toMatchObject({
      code: "topology-drift",
      message: expect.stringContaining("Declare lanes: 3 in the contract") as unknown,
    });
  });

  it("that two services handle makes each warn about the other, and a second process of one service makes none warn", async () => {
    const topic = await external.topic({}, 3);
    for (const name of [`one-${topic}`, `two-${topic}`, `two-${topic}`])
      await start(
        topic,
        service(name).handle(commandOn(topic), () => undefined),
      );
    const told = (): number =>
      new Set(warnings.filter((text) => text.startsWith(`Two services read the queue of group ${topic}:`)))
        .size;
    await expect.poll(told, PATIENCE).toBe(2);
    const alone = await external.topic({}, 3);
    for (const name of [`one-${alone}`, `one-${alone}`])
      await start(
        alone,
        service(name).handle(commandOn(alone), () => undefined),
      );
    expect(warnings.filter((text) => text.includes(alone))).toEqual([]);
  });

  it("that is deleted makes its source impaired until it exists again", async () => {
    const topic = await external.topic({}, 3);
    const handled: string[] = [];
    const bus = await start(
      topic,
      service(`deleted-${topic}`).handle(commandOn(topic), ({ text }) => void handled.push(text ?? "")),
    );
    await write(topic, ["a", "b", "c"]);
    await expect.poll(() => handled.length, PATIENCE).toBe(3);
    await external.admin.deleteTopics({ topics: [topic] });
    await expect.poll(() => bus.state(), PATIENCE).toMatchObject({ status: "impaired", isReady: false });
    expect(bus.state().impaired[0]?.problem).toContain(`Topic ${topic} was deleted`);
    expect(warnings.filter((text) => text.includes(`Topic ${topic} was deleted`))).toHaveLength(1);
    await createTopic(external.admin, { topic, numPartitions: 3 });
    await write(topic, ["d", "e", "f", "g", "h"]);
    // Delivery is at-least-once: a partition with a new leader may be read twice.
    await expect
      .poll(() => [...new Set(handled.slice(3))].toSorted(), PATIENCE)
      .toEqual(["d", "e", "f", "g", "h"]);
    await expect.poll(() => bus.state().isReady, PATIENCE).toBe(true);
  });
});
