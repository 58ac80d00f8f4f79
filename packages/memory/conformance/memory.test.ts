// #region suite
import { capabilityTable, tally, transportConformance } from "@waybill/conformance";
import { describe, expect, it } from "vitest";
import { memoryHarness } from "./harness.ts";

const report = transportConformance(memoryHarness, { describe, it });

it("leaves unproved only what needs a broker outside the process", () => {
  expect(tally(report)).toMatchObject({ "refused as declared": 0, failed: 0 });
  const unproved = report.verdicts.filter(({ outcome }) => outcome === "not offered");
  expect(unproved.map(({ scenario }) => scenario)).toEqual([
    "connecting to an address where nothing listens fails in time and names the address",
    "what was answered ok survives a restart of the broker; publishers and consumers resume by themselves",
  ]);
  expect(capabilityTable([report])).toContain("| capability | memory |");
});
// #endregion suite
