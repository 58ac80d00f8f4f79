import { tally, transportConformance } from "@waybill/conformance";
import { describe, expect, it } from "vitest";
import { realTimeHarness } from "./real-time-harness.ts";

/** The time limit of one scenario, which may wait for several time-outs. */
const LIMIT_MS = 120_000;

const report = transportConformance(realTimeHarness, {
  describe,
  it: (name, run) => it(name, run, LIMIT_MS),
});

it("the promises that hold in virtual time hold in real time", () => {
  expect(tally(report)).toMatchObject({ "refused as declared": 0, failed: 0 });
});
