import { isBrokenPromise, judge } from "@waybill/conformance";
import { BROKEN_TRANSPORTS, UNBROKEN, brokenHarness } from "@waybill/conformance/broken";
import { describe, expect, it } from "vitest";
import { memoryHarness } from "./harness.ts";

describe("the suite catches a transport that", () => {
  it.each(BROKEN_TRANSPORTS)("$does", async (broken) => {
    const { verdict, error } = await judge(broken.caughtBy, brokenHarness(memoryHarness, broken));
    expect(verdict).toMatchObject({ scenario: broken.caughtBy.name, outcome: "failed" });
    // The scenario must fail because the promise is broken, not by another error of the transport.
    expect(isBrokenPromise(error), verdict.failure).toBe(true);
    const unbroken = await judge(broken.caughtBy, brokenHarness(memoryHarness, UNBROKEN));
    expect(unbroken.verdict).toMatchObject({ outcome: "held" });
  });
});
