import { tally, transportConformance } from "@waybill/conformance";
import { describe, expect, it } from "vitest";
import { realTimeHarness } from "./real-time-harness.ts";

/** For one scenario: patience may be used up several times. */
const LIMIT_MS = 120_000;

const report = transportConformance(realTimeHarness, {
  describe,
  it: (name, run) => it(name, run, LIMIT_MS),
});

it("holds in real time what holds in virtual time", () => {
  expect(tally(report)).toMatchObject({ "refused as declared": 0, failed: 0 });
});
