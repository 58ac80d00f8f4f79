import { describe, expect, it } from "vitest";
import { Ledger } from "./ledger.ts";

describe("the ledger", () => {
  it("tells what was lost and what came twice", () => {
    const ledger = new Ledger();
    for (const number of [1, 2, 3]) ledger.stored(number);
    for (const number of [1, 1, 3, 4]) ledger.handled(number);
    expect(ledger.lost).toBe(1);
    expect(ledger.duplicates).toBe(1);
    expect(ledger.outcome("a trial")).toMatchObject({
      stored: 3,
      broken: ["1 stored messages were never handled"],
    });
  });

  it("does not take calm for a trial", () => {
    const ledger = new Ledger();
    ledger.stored(1);
    ledger.handled(1);
    ledger.trouble();
    expect(ledger.outcome("a trial").broken).toEqual(["nothing was under way when it was broken"]);
  });

  it("measures the silence after trouble only", () => {
    const ledger = new Ledger();
    ledger.stored(1);
    ledger.stored(2);
    ledger.handled(1);
    expect(ledger.outcome("a trial").recoveryMs).toBe(0);
    ledger.trouble();
    ledger.handled(2);
    expect(ledger.outcome("a trial").recoveryMs).toBeGreaterThan(0);
  });
});
