import type { Capabilities, CapabilityName } from "@waybill/core/transport";

/**
 * `held`: the promise was kept. `refused as declared`: the transport does not offer it and says so when asked.
 * `not offered`: the world cannot bring about what the scenario needs; nothing is known.
 */
export type Outcome = "held" | "refused as declared" | "not offered" | "failed";

/** What one scenario found. */
export interface Verdict {
  readonly scenario: string;
  readonly needs: readonly CapabilityName[];
  readonly outcome: Outcome;
  /** What was seen instead; absent unless it failed. */
  readonly failure: string | undefined;
}

export interface GroupedVerdict extends Verdict {
  readonly group: string;
}

/** What a run of the kit found out about one mode of a transport. Plain data: `JSON.stringify` writes all of it. */
export interface ConformanceReport {
  readonly harness: string;
  /** The transport's own name. */
  readonly transport: string;
  /** As declared after connecting; absent until a scenario has connected. */
  readonly capabilities: Capabilities | undefined;
  readonly verdicts: readonly GroupedVerdict[];
}

/** How many scenarios ended which way. */
export function tally({ verdicts }: ConformanceReport): Readonly<Record<Outcome, number>> {
  const counts = { held: 0, "refused as declared": 0, "not offered": 0, failed: 0 };
  for (const { outcome } of verdicts) counts[outcome] += 1;
  return counts;
}

/** The verdict on a capability: the worst of the scenarios that need it; absent when none was run. */
export function outcomeOf(report: ConformanceReport, capability: CapabilityName): Outcome | undefined {
  const outcomes = report.verdicts
    .filter(({ needs }) => needs.includes(capability))
    .map(({ outcome }) => outcome);
  if (outcomes.includes("failed")) return "failed";
  if (report.capabilities?.[capability].level === "none")
    return outcomes.includes("refused as declared") ? "refused as declared" : undefined;
  if (outcomes.includes("held")) return "held";
  return outcomes.includes("not offered") ? "not offered" : undefined;
}
