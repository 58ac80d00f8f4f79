import { type Capabilities, MessagingError, type Transport } from "@waybill/core/transport";
import { seededRandom, VirtualClock } from "@waybill/core/transport-kit/testing";
import { describe, expect, it } from "vitest";
import type { Harness, World } from "./harness.ts";
import { judge } from "./judge.ts";
import { BrokenPromise } from "./kit/observe/assert.ts";
import type { Scenario } from "./scenario.ts";

const KEPT: Scenario = { name: "a promise that is kept", run: () => Promise.resolve() };
const BROKEN: Scenario = {
  name: "the sky is green",
  run: () => Promise.reject(new BrokenPromise("It is blue.")),
};

describe("judge", () => {
  it("reports a kept promise with the name and capabilities of the transport", async () => {
    const judgement = await judge(KEPT, harnessOf({}));
    expect(judgement).toMatchObject({
      transport: "silent",
      verdict: { scenario: KEPT.name, outcome: "held" },
    });
    expect(judgement.capabilities?.largestMessage).toBe(1);
  });

  it("reports the observation of a broken promise", async () => {
    const { verdict, error } = await judge(BROKEN, harnessOf({}));
    expect(verdict).toMatchObject({ outcome: "failed", failure: "It is blue." });
    expect(error).toBeInstanceOf(BrokenPromise);
  });

  it("reports a scenario as not offered, without running it, when the world lacks a fault or a counter", async () => {
    const needsFault = await judge({ ...BROKEN, faults: ["cut"] }, harnessOf({}));
    expect(needsFault.verdict.outcome).toBe("not offered");
    const needsTimers = await judge({ ...BROKEN, counts: ["timers"] }, harnessOf({}));
    expect(needsTimers.verdict.outcome).toBe("not offered");
    const hasTimers = await judge({ ...KEPT, counts: ["timers"] }, harnessOf({ timers: () => 0 }));
    expect(hasTimers.verdict.outcome).toBe("held");
  });

  it("checks that a capability declared as none is refused, whatever faults the scenario needs", async () => {
    const { verdict } = await judge({ ...BROKEN, needs: ["requests"], faults: ["cut"] }, harnessOf({}));
    expect(verdict).toMatchObject({ outcome: "refused as declared", needs: ["requests"] });
    const trusting = {
      openReplyInbox: () => Promise.resolve({ address: "x", close: () => Promise.resolve() }),
    };
    const accepted = await judge({ ...KEPT, needs: ["requests"] }, harnessOf({}, trusting));
    expect(accepted.verdict.outcome).toBe("failed");
  });

  it("fails when a transport cannot connect, or cannot be closed", async () => {
    const refusing = { connect: () => Promise.reject(new Error("connection refused")) };
    const away = await judge(KEPT, harnessOf({}, refusing));
    expect(away).toMatchObject({ capabilities: undefined, verdict: { outcome: "failed" } });
    const hanging = await judge(KEPT, harnessOf({}, { close: () => new Promise(() => undefined) }));
    expect(hanging.verdict.failure).toContain("close did not end");
  });

  it("reports the failure of the scenario, not a later failure of close", async () => {
    const { verdict } = await judge(BROKEN, harnessOf({}, { close: () => new Promise(() => undefined) }));
    expect(verdict.failure).toBe("It is blue.");
  });

  it("closes the world after a failure, and fails when the harness cannot open one", async () => {
    let closed = 0;
    await judge(BROKEN, harnessOf({ close: () => Promise.resolve(void closed++) }));
    expect(closed).toBe(1);
    const { verdict } = await judge(KEPT, {
      name: "none",
      open: () => Promise.reject(new Error("no broker")),
    });
    expect(verdict).toMatchObject({ outcome: "failed", failure: "no broker" });
  });
});

/** Returns a harness whose transports have a name and no capability. */
function harnessOf(world: Partial<World>, changes: Partial<Transport> = {}): Harness {
  const clock = new VirtualClock();
  return {
    name: "a harness",
    open: () =>
      Promise.resolve({
        environment: { clock, random: seededRandom(1) },
        transport: () => ({ ...silentTransport(), ...changes }),
        elapse: (ms) => clock.advance(ms),
        settle: () => clock.settle(),
        close: () => Promise.resolve(),
        ...world,
      }),
  };
}

function silentTransport(): Transport {
  const missing = (): Promise<never> =>
    Promise.reject(
      new MessagingError("capability-missing", {
        what: "This transport has no capabilities.",
        advice: "Use another one.",
      }),
    );
  return {
    name: "silent",
    capabilities: NOTHING,
    connect: () => Promise.resolve(),
    provision: missing,
    publish: missing,
    subscribe: missing,
    openReplyInbox: missing,
    onState: () => () => undefined,
    depth: missing,
    close: () => Promise.resolve(),
  };
}

const NONE = { level: "none", reason: "a transport without capabilities" } as const;

const NOTHING: Capabilities = {
  durable: NONE,
  dedup: { ...NONE, windowMs: 0 },
  order: { ...NONE, unit: "none", mostLanes: 0 },
  settleOutOfOrder: NONE,
  deliverAt: { ...NONE, granularityMs: 0, longestMs: 0 },
  retryDelay: { ...NONE, granularityMs: 0, longestMs: 0 },
  attempts: NONE,
  freeRelease: NONE,
  deadLetters: NONE,
  history: NONE,
  requests: NONE,
  largestMessage: 1,
};
