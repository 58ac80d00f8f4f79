import { describe, expect, it } from "vitest";
import { sleep, within } from "./clock.ts";
import { VirtualClock } from "./virtual-clock.ts";

describe("within", () => {
  it("ends with the work, whether it succeeds or not, and leaves no timer", async () => {
    const clock = new VirtualClock();
    await within(clock, 1_000, Promise.resolve());
    await within(clock, 1_000, Promise.reject(new Error("refused")));
    expect(clock.pending).toBe(0);
  });

  it("ends with the time, whatever the work does", async () => {
    const clock = new VirtualClock();
    const waiting = within(clock, 1_000, new Promise(() => undefined));
    await clock.advance(1_000);
    await waiting;
    expect(clock.pending).toBe(0);
  });

  it("ends at once where no time is left", async () => {
    const clock = new VirtualClock();
    const waiting = within(clock, -5, sleep(clock, 1_000));
    await clock.advance(0);
    await waiting;
  });
});
