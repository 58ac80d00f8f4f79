// #region suite
import {
  SCENARIOS,
  capabilityTable,
  tally,
  transportConformance,
  type FaultName,
} from "@waybill/conformance";
import { describe, expect, it } from "vitest";
import { memoryHarness } from "./harness.ts";

const report = transportConformance(memoryHarness, { describe, it });

/** The faults that a broker inside the process cannot have. */
const OUTSIDE: readonly FaultName[] = ["unreachable", "stall", "restart", "kill", "pause"];

it("offers every scenario except those with faults that only a broker outside the process can have", () => {
  expect(tally(report)).toMatchObject({ "refused as declared": 0, failed: 0 });
  const unproved = report.verdicts.filter(({ outcome }) => outcome === "not offered");
  const outside = SCENARIOS.flatMap(({ scenarios }) => scenarios).filter(({ faults = [] }) =>
    faults.some((fault) => OUTSIDE.includes(fault)),
  );
  expect(unproved.map(({ scenario }) => scenario)).toEqual(outside.map(({ name }) => name));
  expect(capabilityTable([report])).toContain("| capability | memory |");
});
// #endregion suite
