import { describe, expect, it } from "vitest";
import { sleep, withDeadline } from "./clock.ts";
import { VirtualClock } from "./virtual-clock.ts";

describe("withDeadline", () => {
  it("resolves with the work, whether it succeeds or fails, and leaves no timer", async () => {
    const clock = new VirtualClock();
    await withDeadline(clock, clock.now() + 1_000, Promise.resolve());
    await withDeadline(clock, clock.now() + 1_000, Promise.reject(new Error("refused")));
    expect(clock.pending).toBe(0);
  });

  it("resolves at the deadline when the work goes on", async () => {
    const clock = new VirtualClock();
    const waiting = withDeadline(clock, clock.now() + 1_000, new Promise(() => undefined));
    await clock.advance(1_000);
    await waiting;
    expect(clock.pending).toBe(0);
  });

  it("resolves at once when the deadline has passed", async () => {
    const clock = new VirtualClock();
    const waiting = withDeadline(clock, clock.now() - 5, sleep(clock, 1_000));
    await clock.advance(0);
    await waiting;
  });
});
