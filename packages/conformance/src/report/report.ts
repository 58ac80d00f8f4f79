import type { Capabilities, CapabilityName } from "@waybill/core/transport";

/**
 * `held`: the promise was kept. `refused as declared`: the transport declares the capability as `none` and refuses its
 * use. `not offered`: the world cannot cause a fault that the scenario needs, so the promise is not proved.
 */
export type Outcome = "held" | "refused as declared" | "not offered" | "failed";

/** The outcome of one scenario. */
export interface Verdict {
  readonly scenario: string;
  readonly needs: readonly CapabilityName[];
  readonly outcome: Outcome;
  /** The observation that broke the promise; undefined unless the scenario failed. */
  readonly failure: string | undefined;
}

export interface GroupedVerdict extends Verdict {
  readonly group: string;
}

/** The outcomes of a conformance run of one harness. Plain data: `JSON.stringify` writes all of it. */
export interface ConformanceReport {
  readonly harness: string;
  /** The transport's own name. */
  readonly transport: string;
  /** The capabilities declared after connecting; undefined until a scenario has connected. */
  readonly capabilities: Capabilities | undefined;
  readonly verdicts: readonly GroupedVerdict[];
}

/** Counts the scenarios of a report by outcome. */
export function tally({ verdicts }: ConformanceReport): Readonly<Record<Outcome, number>> {
  const counts = { held: 0, "refused as declared": 0, "not offered": 0, failed: 0 };
  for (const { outcome } of verdicts) counts[outcome] += 1;
  return counts;
}

/** Returns the outcome of a capability, the worst of the scenarios that need it; undefined when none was run. */
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
