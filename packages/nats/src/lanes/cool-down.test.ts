import { VirtualClock } from "@waybill/core/transport-kit/testing";
import { describe, expect, it } from "vitest";
import { CoolDown } from "./cool-down.ts";

describe("a cool-down", () => {
  it("is over when its time has passed, not before", async () => {
    const clock = new VirtualClock();
    const coolDown = new CoolDown({ isNeeded: true });
    coolDown.start(1_000, clock);
    let mayRead: boolean | undefined;
    void coolDown.over.then((value) => (mayRead = value));
    await clock.advance(999);
    expect(mayRead).toBeUndefined();
    await clock.advance(1);
    expect(mayRead).toBe(true);
  });

  it("is over at once when it is skipped", async () => {
    const coolDown = new CoolDown({ isNeeded: true });
    coolDown.skip();
    expect(await coolDown.over).toBe(true);
  });

  it("leaves no timer when it is cancelled, and ignores later calls", async () => {
    const clock = new VirtualClock();
    const [started, pending] = [new CoolDown({ isNeeded: true }), new CoolDown({ isNeeded: true })];
    started.start(1_000, clock);
    started.cancel();
    pending.cancel();
    pending.start(1_000, clock);
    pending.skip();
    expect([await started.over, await pending.over]).toEqual([false, false]);
    expect(clock.pending).toBe(0);
  });
});
