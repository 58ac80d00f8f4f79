import { seededRandom, VirtualClock } from "@waybill/core/transport-kit/testing";
import { describe, expect, it } from "vitest";
import { DEFAULT_PACE, type World } from "../harness.ts";
import { BrokenPromise } from "./observe/assert.ts";
import { Time } from "./time.ts";

describe("Time", () => {
  it("lets no time pass for a promise that settles by itself", async () => {
    const { time, clock } = virtualTime();
    const start = clock.now();
    const soon = Promise.resolve()
      .then(() => undefined)
      .then(() => "done");
    await expect(time.finish("the promise", soon)).resolves.toBe("done");
    expect(clock.now()).toBe(start);
  });

  it("lets time pass for a promise that waits for the clock", async () => {
    const { time } = virtualTime();
    await expect(time.finish("the sleep", time.sleep(1_000))).resolves.toBeUndefined();
  });

  it("rejects with the error of the promise", async () => {
    const { time } = virtualTime();
    await expect(time.finish("the call", Promise.reject(new RangeError("no")))).rejects.toThrow(RangeError);
  });

  it("fails with the observation after patienceMs", async () => {
    const { time, clock } = virtualTime();
    const start = clock.now();
    const waiting = time.eventually(
      () => false,
      () => "no message was delivered.",
    );
    await expect(waiting).rejects.toThrow(BrokenPromise);
    await expect(waiting).rejects.toThrow("no message was delivered.");
    expect(clock.now() - start).toBeGreaterThanOrEqual(DEFAULT_PACE.patienceMs);
    expect(clock.now() - start).toBeLessThan(DEFAULT_PACE.patienceMs + 10 * DEFAULT_PACE.stepMs + 1);
  });

  it("advances the clock once at a time, however many waits overlap", async () => {
    const { time, clock, overlaps } = virtualTime();
    const start = clock.now();
    await Promise.all([time.elapse(100), time.elapse(50), time.finish("a sleep", time.sleep(120))]);
    expect(clock.now() - start).toBeGreaterThanOrEqual(150);
    expect(overlaps()).toBe(0);
  });
});

function virtualTime(): { time: Time; clock: VirtualClock; overlaps: () => number } {
  const clock = new VirtualClock();
  let running = 0;
  let overlaps = 0;
  const world: World = {
    environment: { clock, random: seededRandom(1) },
    transport: () => {
      throw new Error("not needed here");
    },
    async elapse(ms) {
      if (running++ > 0) overlaps += 1;
      await clock.advance(ms);
      running -= 1;
    },
    settle: () => clock.settle(),
    close: () => Promise.resolve(),
  };
  return { time: new Time(world, DEFAULT_PACE), clock, overlaps: () => overlaps };
}
