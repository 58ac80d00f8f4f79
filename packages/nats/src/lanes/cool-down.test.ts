import { VirtualClock } from "@waybill/core/transport-kit/testing";
import { describe, expect, it } from "vitest";
import { CoolDown } from "./cool-down.ts";

describe("a rest", () => {
  it("is over when its time has passed, and not before", async () => {
    const clock = new VirtualClock();
    const rest = new CoolDown({ isNeeded: true });
    rest.last(1_000, clock);
    let isRested: boolean | undefined;
    void rest.over.then((is) => (isRested = is));
    await clock.advance(999);
    expect(isRested).toBeUndefined();
    await clock.advance(1);
    expect(isRested).toBe(true);
  });

  it("is over at once where there is nothing to wait for", async () => {
    const rest = new CoolDown({ isNeeded: true });
    rest.skip();
    expect(await rest.over).toBe(true);
  });

  it("called off it leaves no timer, and later words change nothing", async () => {
    const clock = new VirtualClock();
    const [begun, asked] = [new CoolDown({ isNeeded: true }), new CoolDown({ isNeeded: true })];
    begun.last(1_000, clock);
    begun.callOff();
    asked.callOff();
    asked.last(1_000, clock);
    asked.skip();
    expect([await begun.over, await asked.over]).toEqual([false, false]);
    expect(clock.pending).toBe(0);
  });
});
