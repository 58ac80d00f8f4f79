import type { Capabilities } from "@waybill/core/transport";
import { describe, expect, it } from "vitest";
import { capabilityTable, withCapabilityTable } from "./capability-table.ts";
import { type ConformanceReport, type GroupedVerdict, outcomeOf, tally } from "./report.ts";

const NATIVE = { level: "native", reason: "the broker does it" } as const;

const CAPABILITIES: Capabilities = {
  durable: { level: "emulated", reason: "in a file | on the side" },
  dedup: { ...NATIVE, windowMs: 120_000 },
  order: { ...NATIVE, unit: "partition", mostLanes: 1_000 },
  settleOutOfOrder: NATIVE,
  deliverAt: { level: "none", reason: "no timers", granularityMs: 0, longestMs: 0 },
  retryDelay: { ...NATIVE, granularityMs: 1_000, longestMs: 86_400_000 },
  attempts: NATIVE,
  freeRelease: NATIVE,
  deadLetters: NATIVE,
  history: NATIVE,
  requests: NATIVE,
  largestMessage: 1_048_576,
};

const VERDICTS: readonly GroupedVerdict[] = [
  verdictOf("a resend is stored once", { needs: ["dedup"], outcome: "held" }),
  verdictOf("order of a lane", { needs: ["order"], outcome: "held" }),
  verdictOf("order through a cut", { needs: ["order"], outcome: "not offered" }),
  verdictOf("never early", { needs: ["deliverAt"], outcome: "refused as declared" }),
  verdictOf("restart", { needs: ["durable"], outcome: "not offered" }),
  verdictOf("replies", { needs: ["requests"], outcome: "failed" }),
  verdictOf("late replies", { needs: ["requests"], outcome: "held" }),
];

const REPORT: ConformanceReport = {
  harness: "example one",
  transport: "example",
  capabilities: CAPABILITIES,
  verdicts: VERDICTS,
};

describe("the report", () => {
  it("counts every outcome", () => {
    expect(tally(REPORT)).toEqual({ held: 3, "refused as declared": 1, "not offered": 2, failed: 1 });
  });

  it("gives a capability the worst outcome of its scenarios", () => {
    expect(outcomeOf(REPORT, "order")).toBe("held");
    expect(outcomeOf(REPORT, "deliverAt")).toBe("refused as declared");
    expect(outcomeOf(REPORT, "durable")).toBe("not offered");
    expect(outcomeOf(REPORT, "requests")).toBe("failed");
    expect(outcomeOf(REPORT, "history")).toBeUndefined();
  });

  it("is unchanged by JSON", () => {
    expect(JSON.parse(JSON.stringify({ ...REPORT, verdicts: VERDICTS.map(withoutUndefined) }))).toEqual({
      ...REPORT,
      verdicts: VERDICTS.map(withoutUndefined),
    });
  });
});

describe("capabilityTable", () => {
  const lines = capabilityTable([REPORT]).split("\n");
  const row = (name: string): string | undefined => lines.find((line) => line.startsWith(`| **${name}**`));

  it("distinguishes declared from proved capabilities", () => {
    expect(row("dedup")).toMatch(/\| native, within 2 min \|$/);
    expect(row("order")).toMatch(/\| native, by partition, at most 1000 \|$/);
    expect(row("deliverAt")).toMatch(/\| none \|$/);
    expect(row("durable")).toMatch(/\| emulated \(not proved\) \|$/);
    expect(row("requests")).toMatch(/\| \*\*broken\*\* \(declared native\) \|$/);
  });

  it("ends with the counts and the reasons for capabilities that are not native", () => {
    expect(lines).toContain("| scenarios | 3 held, 1 refused as declared, 2 not offered, 1 failed |");
    expect(lines).toContain("- example one, deliverAt none: no timers");
    expect(lines).toContain("- example one, durable emulated: in a file | on the side");
  });

  it("has a column for each report, also for a transport that never connected", () => {
    const table = capabilityTable([REPORT, { ...REPORT, harness: "two|three", capabilities: undefined }]);
    expect(table.split("\n")[0]).toBe("| capability | example one | two\\|three |");
    expect(table).toContain("| largest message | 1 MiB | unknown |");
  });
});

describe("withCapabilityTable", () => {
  const page = "# Title\n\n<!-- capabilities -->\n\nold\n\n<!-- /capabilities -->\n\nEnd.\n";

  it("replaces the text between the marks, and is idempotent", () => {
    const once = withCapabilityTable(page, "| new |\n");
    expect(once).toBe("# Title\n\n<!-- capabilities -->\n\n| new |\n\n<!-- /capabilities -->\n\nEnd.\n");
    expect(withCapabilityTable(once ?? "", "| new |\n")).toBe(once);
  });

  it("returns undefined for a page without marks", () => {
    expect(withCapabilityTable("# Title\n", "| new |")).toBeUndefined();
  });
});

function verdictOf(
  scenario: string,
  { needs, outcome }: Pick<GroupedVerdict, "needs" | "outcome">,
): GroupedVerdict {
  return { group: "g", scenario, needs, outcome, failure: outcome === "failed" ? "seen" : undefined };
}

function withoutUndefined({ failure, ...rest }: GroupedVerdict): object {
  return failure === undefined ? rest : { ...rest, failure };
}
