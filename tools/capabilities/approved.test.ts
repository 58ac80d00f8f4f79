import { SCENARIOS, type ConformanceReport } from "@waybill/conformance";
import { MemoryBroker, MemoryTransport } from "@waybill/memory";
import { describe, expect, it } from "vitest";
import { approvedOf, changes, parsed, reportOf } from "./approved.ts";

const { capabilities } = new MemoryTransport(new MemoryBroker());
const REPORT: ConformanceReport = {
  harness: "example",
  transport: "memory",
  capabilities,
  verdicts: SCENARIOS.flatMap(({ name: group, scenarios }) =>
    scenarios.map(({ name: scenario, needs = [] }) => ({
      group,
      scenario,
      needs,
      outcome: "held" as const,
      failure: undefined,
    })),
  ),
};

describe("an approved report", () => {
  it("is read back unchanged from its file", () => {
    expect(reportOf(parsed(JSON.stringify(approvedOf(REPORT))))).toEqual(REPORT);
  });

  it("has the same content as the run that produced it", () => {
    expect(changes(approvedOf(REPORT), approvedOf(REPORT))).toEqual([]);
  });

  it("names every scenario that ended differently, did not run or is new", () => {
    const [first, second, ...rest] = REPORT.verdicts;
    if (first === undefined || second === undefined) throw new Error("no scenarios");
    const found = { ...REPORT, verdicts: [{ ...second, outcome: "not offered" as const }, ...rest] };
    expect(changes(approvedOf(REPORT), approvedOf(found))).toEqual([
      `${first.scenario}: not run, approved held`,
      `${second.scenario}: not offered, approved held`,
    ]);
    expect(changes(approvedOf(found), approvedOf(REPORT))).toContain(
      `${first.scenario}: held, approved not run`,
    );
  });

  it("reports changed capabilities", () => {
    const other = { ...REPORT, capabilities: { ...capabilities, largestMessage: 1 } };
    expect(changes(approvedOf(REPORT), approvedOf(other))).toEqual(["it declares other capabilities"]);
  });

  it("any other file is rejected", () => {
    expect(() => parsed("{}")).toThrow(/outcomes/);
  });
});
