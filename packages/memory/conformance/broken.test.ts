import { isBrokenPromise, judge } from "@waybill/conformance";
import { BREAKAGES, UNBROKEN, brokenHarness } from "@waybill/conformance/broken";
import { describe, expect, it } from "vitest";
import { memoryHarness } from "./harness.ts";

describe("the suite catches a transport that", () => {
  it.each(BREAKAGES)("$does", async (breakage) => {
    const { verdict, error } = await judge(breakage.caughtBy, brokenHarness(memoryHarness, breakage));
    expect(verdict).toMatchObject({ scenario: breakage.caughtBy.name, outcome: "failed" });
    // The scenario itself failed, not the code of the broken transport.
    expect(isBrokenPromise(error), verdict.failure).toBe(true);
    const sound = await judge(breakage.caughtBy, brokenHarness(memoryHarness, UNBROKEN));
    expect(sound.verdict).toMatchObject({ outcome: "held" });
  });
});
