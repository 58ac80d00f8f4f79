import { gzipSync } from "node:zlib";
import type { Delivery, Deliver } from "@waybill/core/transport";
import { CompressionTypes } from "kafkajs";
import { expect, it } from "vitest";
import { describeExternal } from "./describe-external.ts";

/** The time limit of one test, against tests that hang. */
const LIMIT_MS = 90_000;
const PATIENCE = { timeout: 30_000 };
const MIB = 1_024 * 1_024;

await describeExternal(
  "batches of an external program that are small on the broker and large in memory",
  LIMIT_MS,
  (external) => {
    const writeCompressed = (topic: string, messages: readonly object[]): Promise<unknown> =>
      external.producer.send({
        topic,
        messages: messages as Parameters<typeof external.producer.send>[0]["messages"],
        compression: CompressionTypes.GZIP,
      });
    /** Returns the deliveries of a queue, and its dead letters. */
    const reading = async (
      name: string,
      answer: Deliver,
    ): Promise<{ readonly seen: Delivery[]; readonly letters: Delivery[] }> => {
      const [seen, letters]: [Delivery[], Delivery[]] = [[], []];
      const from = await external.provisioned(name);
      const reader = await from.subscribe({ kind: "dead-letters", group: "svc" }, (delivery) => {
        letters.push(delivery);
        return Promise.resolve({ type: "ack" });
      });
      reader.credit(10);
      const source = { kind: "queue", name, group: "svc", lanes: 1 } as const;
      const subscription = await from.subscribe(source, (delivery) => {
        seen.push(delivery);
        return answer(delivery);
      });
      subscription.credit(2);
      return { seen, letters };
    };
    const fail: Deliver = ({ message: { unreadable } }) =>
      Promise.resolve({ type: "dead-letter", headers: { why: unreadable ?? "no" } });

    it("can be retried and dead-lettered, because the adapter compresses them again", async () => {
      const name = await external.topic();
      const value = Buffer.alloc(3 * MIB, "x");
      await writeCompressed(name, [{ value }, { value }, { value: "small" }]);
      const { seen, letters } = await reading(name, (delivery) =>
        delivery.attempt === 1 ? Promise.resolve({ type: "retry", delayMs: 100 }) : fail(delivery),
      );
      await expect.poll(() => letters.length, PATIENCE).toBe(3);
      expect(letters.filter(({ message: { body } }) => value.equals(body))).toHaveLength(2);
      expect(seen.filter(({ attempt }) => attempt === 2)).toHaveLength(3);
    });

    const hostile: readonly (readonly [string, () => object, RegExp])[] = [
      ["200 MiB", () => ({ value: Buffer.alloc(200 * MIB, "x") }), /more than \d+ bytes/],
      [
        "too many headers",
        () => ({ value: "x", headers: { many: Array.from({ length: 20_000 }, () => "") } }),
        /20000 headers/,
      ],
    ];

    it.each(hostile)(
      "become dead letters byte for byte when they exceed the limits, and the next batch is read: %s",
      async (_, make, why) => {
        const name = await external.topic();
        await writeCompressed(name, [make()]);
        await external.producer.send({ topic: name, messages: [{ value: "after" }] });
        const { seen, letters } = await reading(name, fail);
        await expect.poll(() => letters.length, PATIENCE).toBe(2);
        const first = seen.find(({ message }) => message.unreadable !== undefined);
        expect(first?.message.unreadable).toMatch(why);
        const letter = letters.find(({ message }) => why.test(message.headers["why"] ?? ""))?.message;
        expect(letter?.contentType).toBe("application/vnd.apache.kafka.record-batch");
        expect(letter?.unreadable).toBeDefined();
        // The batch as stored: after its header of 61 bytes it is compressed.
        expect(Buffer.from(letter?.body.subarray(61, 63) ?? [])).toEqual(gzipSync("").subarray(0, 2));
        expect(seen.map(({ message }) => String(message.body))).toContain("after");
      },
    );
  },
);
