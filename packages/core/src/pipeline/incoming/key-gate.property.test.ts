import fc from "fast-check";
import { expect, it } from "vitest";
import { VirtualClock } from "../../environment/virtual-clock.ts";
import { sleep } from "../../environment/clock.ts";
import { ACK, RELEASE } from "../../spi/settlement.ts";
import { createKeyGate } from "./key-gate.ts";

const work = fc.array(fc.record({ key: fc.constantFrom("a", "b", "c"), ms: fc.nat(9) }), { maxLength: 40 });

it("messages with equal keys run one after the other in the order of the calls; different keys run concurrently", async () => {
  await fc.assert(
    fc.asyncProperty(work, async (tasks) => {
      const clock = new VirtualClock();
      const gate = createKeyGate();
      const start = clock.now();
      const running = new Set<string>();
      const done: { key: string; at: number }[] = [];
      const turns = tasks.map(({ key, ms }, at) =>
        gate.inTurn(key, async () => {
          expect(running.has(key)).toBe(false);
          running.add(key);
          await sleep(clock, ms);
          running.delete(key);
          done.push({ key, at });
          return ACK;
        }),
      );
      await clock.advance(1_000);
      for (const turn of turns) await turn;
      for (const key of ["a", "b", "c"]) {
        const order = done.filter((one) => one.key === key).map(({ at }) => at);
        expect(order).toEqual(order.toSorted((one, other) => one - other));
      }
      const longest = Math.max(
        0,
        ...["a", "b", "c"].map((key) => sum(tasks.filter((task) => task.key === key))),
      );
      expect(clock.now() - start).toBe(1_000);
      expect(done.length).toBe(tasks.length);
      expect(longest).toBeLessThanOrEqual(1_000);
    }),
  );
});

function sum(tasks: readonly { readonly ms: number }[]): number {
  return tasks.reduce((total, { ms }) => total + ms, 0);
}

it("releases the messages that wait behind a released one; later messages run again", async () => {
  const gate = createKeyGate();
  const ran: number[] = [];
  const task =
    (n: number, settlement = ACK) =>
    async () => {
      ran.push(n);
      await Promise.resolve();
      return settlement;
    };
  const turns = [
    gate.inTurn("k", task(1, RELEASE)),
    gate.inTurn("k", task(2)),
    gate.inTurn("other", task(3)),
    gate.inTurn("k", task(4)),
  ];
  expect(await Promise.all(turns.map(async (turn) => turn))).toEqual([RELEASE, RELEASE, ACK, RELEASE]);
  expect(await gate.inTurn("k", task(5))).toEqual(ACK);
  expect(ran).toEqual([1, 3, 5]);
});

it("runs a redelivered message after the messages that the broker took back have ended", async () => {
  const gate = createKeyGate();
  const ran: string[] = [];
  let isTakenBack = false;
  const old = (): boolean => isTakenBack;
  let end: () => void = () => undefined;
  const stopped = new Promise<void>((resolve) => (end = resolve));
  const turns = [
    gate.inTurn("k", () => stopped.then(() => RELEASE), old),
    gate.inTurn("k", () => (ran.push("old"), ACK), old),
  ];
  isTakenBack = true;
  turns.push(gate.inTurn("k", () => (ran.push("first anew"), ACK)));
  turns.push(gate.inTurn("k", () => (ran.push("second anew"), ACK)));
  end();
  expect(await Promise.all(turns.map(async (turn) => turn))).toEqual([RELEASE, RELEASE, ACK, ACK]);
  expect(ran).toEqual(["first anew", "second anew"]);
});

it("runs the next message of a key after one that threw", async () => {
  const gate = createKeyGate();
  const turns = [
    gate.inTurn("k", () => Promise.reject(new Error("must not"))),
    gate.inTurn("k", async () => Promise.resolve(ACK)),
  ];
  const ends = await Promise.allSettled(turns.map(async (turn) => turn));
  expect(ends.map(({ status }) => status)).toEqual(["rejected", "fulfilled"]);
  expect(await gate.inTurn("k", () => ACK)).toBe(ACK);
});
