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

/** One test runs the whole suite. The limit only ends a test that hangs. */
vi.setConfig({ testTimeout: 120_000 });

/** The capabilities that a program can use, so that the suite detects a transport that provides one without declaring it. */
const USABLE: readonly CapabilityName[] = [
  "dedup",
  "order",
  "deliverAt",
  "attempts",
  "deadLetters",
  "history",
  "requests",
];

/** The capabilities that a transport only declares. No call can be refused for them. */
const DECLARED_ONLY: readonly CapabilityName[] = ["durable", "settleOutOfOrder", "retryDelay", "freeRelease"];

describe("a capability declared as none", () => {
  it.each([...USABLE, ...DECLARED_ONLY])("is reported as refused: %s", async (name) => {
    const { verdict } = await judge(scenarioNeeding(name), memoryWith(withoutCapability(name)));
    expect(verdict).toMatchObject({ outcome: "refused as declared", failure: undefined });
  });

  it.each(USABLE)("fails if the transport provides it all the same: %s", async (name) => {
    const { verdict, error } = await judge(scenarioNeeding(name), memoryWith(pretendingNot(name)));
    expect(verdict.outcome).toBe("failed");
    expect(isBrokenPromise(error), verdict.failure).toBe(true);
  });

  it("does not affect the promises that do not need it", async () => {
    const report = await runConformance(memoryWith(withoutCapability("order")));
    expect(outcomeOf(report, "order")).toBe("refused as declared");
    expect(report.verdicts.filter(({ outcome }) => outcome === "failed")).toEqual([]);
  });
});

function memoryWith(breaker: Breaker): typeof memoryHarness {
  return brokenHarness(memoryHarness, { ...UNBROKEN, breaker: () => breaker });
}

/** Returns a scenario that needs a capability. */
function scenarioNeeding(name: CapabilityName): Scenario {
  const all = SCENARIOS.flatMap(({ scenarios }) => scenarios);
  const found = all.find(({ needs }) => needs?.includes(name) === true);
  if (found === undefined) throw new Error(`No scenario needs ${name}.`);
  return found;
}
