import { describe, expect, it } from "vitest";
import { DeliveryLog } from "./delivery-log.ts";

describe("the delivery log", () => {
  it("counts lost and duplicated messages", () => {
    const log = new DeliveryLog();
    for (const number of [1, 2, 3]) log.stored(number);
    for (const number of [1, 1, 3, 4]) log.handled(number);
    expect(log.lost).toBe(1);
    expect(log.duplicates).toBe(1);
    expect(log.outcome("a test")).toMatchObject({
      stored: 3,
      violations: ["1 stored messages were never handled"],
    });
  });

  it("reports a fault that was injected after all messages were handled", () => {
    const log = new DeliveryLog();
    log.stored(1);
    log.handled(1);
    log.faultInjected();
    expect(log.outcome("a test").violations).toEqual([
      "all messages were handled before the fault was injected",
    ]);
  });

  it("measures the longest gap only after a fault", () => {
    const log = new DeliveryLog();
    log.stored(1);
    log.stored(2);
    log.handled(1);
    expect(log.outcome("a test").recoveryMs).toBe(0);
    log.faultInjected();
    log.handled(2);
    expect(log.outcome("a test").recoveryMs).toBeGreaterThan(0);
  });
});
