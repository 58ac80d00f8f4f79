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

/** What cannot happen to a broker in the process. */
const OUTSIDE: readonly FaultName[] = ["unreachable", "stall", "restart", "kill", "pause"];

it("leaves unproved only what needs a broker outside the process", () => {
  expect(tally(report)).toMatchObject({ "refused as declared": 0, failed: 0 });
  const unproved = report.verdicts.filter(({ outcome }) => outcome === "not offered");
  const outside = SCENARIOS.flatMap(({ scenarios }) => scenarios).filter(({ faults = [] }) =>
    faults.some((fault) => OUTSIDE.includes(fault)),
  );
  expect(unproved.map(({ scenario }) => scenario)).toEqual(outside.map(({ name }) => name));
  expect(capabilityTable([report])).toContain("| capability | memory |");
});
// #endregion suite
