import { service } from "@waybill/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ActInOrder, gate, World } from "./world.ts";

describe("order", () => {
  it("messages with equal keys are handled in order and never concurrently; other messages run concurrently, within the credit", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ key: fc.constantFrom("a", "b", "c", "d"), ms: fc.nat(20) }), {
          minLength: 1,
          maxLength: 30,
        }),
        fc.integer({ min: 1, max: 6 }),
        fc.integer({ min: 1, max: 3 }),
        async (work, concurrency, instances) => {
          const world = new World();
          const running = new Set<string>();
          const done = new Map<string, number[]>();
          let most = 0;
          const owner = service("owner", { concurrency }).handle(ActInOrder, async ({ key, n }) => {
            expect(running.has(key)).toBe(false);
            running.add(key);
            most = Math.max(most, running.size);
            await new Promise<void>((resolve) => world.clock.schedule(work[n]?.ms ?? 0, resolve));
            running.delete(key);
            done.set(key, [...(done.get(key) ?? []), n]);
          });
          for (let at = 0; at < instances; at++) await world.bus({ services: [owner] });
          const sender = await world.bus({ sends: [ActInOrder] });
          await Promise.all(work.map(({ key }, n) => sender.send(ActInOrder, { key, n })));
          await world.clock.advance(1_000);
          for (const numbers of done.values()) expect(numbers).toEqual(numbers.toSorted((a, b) => a - b));
          expect([...done.values()].flat()).toHaveLength(work.length);
          expect(most).toBeLessThanOrEqual(concurrency * instances);
          await world.end();
        },
      ),
      { numRuns: 60 },
    );
  });

  it("an immediate retry blocks its key; a delayed retry lets the next message of the key go first", async () => {
    const world = new World();
    const log: string[] = [];
    const owner = service("owner", {
      recovery: { immediate: 1, delayed: { rounds: 1, first: "1s", jitter: 0 } },
    }).handle(ActInOrder, ({ n }, { attempt }) => {
      log.push(`${n}.${attempt}`);
      if (n === 1 && attempt === 1) throw new Error("not yet");
    });
    const bus = await world.bus({ services: [owner] });
    for (const n of [1, 2]) await bus.send(ActInOrder, { key: "k", n });
    await world.clock.advance(2_000);
    expect(log).toEqual(["1.1", "1.1", "2.1", "1.2"]);
    await world.end();
  });

  it("messages that wait behind a stopped handler are released with its message, in order", async () => {
    const world = new World();
    const log: string[] = [];
    const stuck = gate();
    const owner = (name: string, wait: Promise<void>) =>
      service("owner").handle(ActInOrder, async ({ n }, { signal }) => {
        log.push(`${name}${n}`);
        await Promise.race([wait, new Promise((resolve) => signal.addEventListener("abort", resolve))]);
      });
    const first = await world.bus({ services: [owner("a", stuck.opened)] });
    for (const n of [1, 2, 3]) await first.send(ActInOrder, { key: "k", n });
    await world.settle();
    await world.within(2_000, first.stop({ timeout: "1s" }));
    await world.bus({ services: [owner("b", Promise.resolve())] });
    await world.settle();
    expect(log).toEqual(["a1", "b1", "b2", "b3"]);
    await world.end();
  });
});
