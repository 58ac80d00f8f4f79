import {
  SCENARIOS,
  type Scenario,
  isBrokenPromise,
  judge,
  outcomeOf,
  runConformance,
} from "@waybill/conformance";
import {
  UNBROKEN,
  brokenHarness,
  pretendingNot,
  withoutCapability,
  type Breaker,
} from "@waybill/conformance/broken";
import type { CapabilityName } from "@waybill/core/transport";
import { describe, expect, it, vi } from "vitest";
import { memoryHarness } from "./harness.ts";

/** One of them is the whole suite: the bound is for what hangs, whatever else the machine does. */
vi.setConfig({ testTimeout: 120_000 });

/** What a program can ask for, so that a transport that does it all the same is found out. */
const ASKED_FOR: readonly CapabilityName[] = [
  "dedup",
  "order",
  "deliverAt",
  "attempts",
  "deadLetters",
  "history",
  "requests",
];

/** Nothing can refuse these: they are declared, and no message may be lost over them. */
const DECLARED_ONLY: readonly CapabilityName[] = ["durable", "settleOutOfOrder", "retryDelay", "freeRelease"];

describe("a capability declared as none", () => {
  it.each([...ASKED_FOR, ...DECLARED_ONLY])("is reported as refused: %s", async (name) => {
    const { verdict } = await judge(neediest(name), memoryWith(withoutCapability(name)));
    expect(verdict).toMatchObject({ outcome: "refused as declared", failure: undefined });
  });

  it.each(ASKED_FOR)("fails where it is done all the same: %s", async (name) => {
    const { verdict, error } = await judge(neediest(name), memoryWith(pretendingNot(name)));
    expect(verdict.outcome).toBe("failed");
    expect(isBrokenPromise(error), verdict.failure).toBe(true);
  });

  it("leaves every promise that does not need it", async () => {
    const report = await runConformance(memoryWith(withoutCapability("order")));
    expect(outcomeOf(report, "order")).toBe("refused as declared");
    expect(report.verdicts.filter(({ outcome }) => outcome === "failed")).toEqual([]);
  });
});

function memoryWith(breaker: Breaker): typeof memoryHarness {
  return brokenHarness(memoryHarness, { ...UNBROKEN, breaker: () => breaker });
}

/** A scenario that needs it. */
function neediest(name: CapabilityName): Scenario {
  const all = SCENARIOS.flatMap(({ scenarios }) => scenarios);
  const found = all.find(({ needs }) => needs?.includes(name) === true);
  if (found === undefined) throw new Error(`No scenario needs ${name}.`);
  return found;
}
