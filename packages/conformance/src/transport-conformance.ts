import type { Capabilities } from "@waybill/core/transport";
import type { Harness, Runner } from "./harness.ts";
import { type Judgement, judge } from "./judge.ts";
import type { ConformanceReport, GroupedVerdict } from "./report/report.ts";
import { SCENARIOS } from "./scenarios/all-scenarios.ts";

/**
 * Defines one test for every promise of the transport contract. The report returned is empty at first and
 * filled as the runner runs them; what is not offered passes, and says so in the report.
 */
export function transportConformance(harness: Harness, { describe, it }: Runner): ConformanceReport {
  const report = new GrowingReport(harness.name);
  describe(`${harness.name} keeps the transport contract`, () => {
    for (const { name: group, scenarios } of SCENARIOS)
      describe(group, () => {
        for (const scenario of scenarios)
          it(scenario.name, async () => {
            const judgement = await judge(scenario, harness);
            report.add(group, judgement);
            if (judgement.verdict.outcome === "failed") throw judgement.error;
          });
      });
  });
  return report;
}

/** Runs every scenario, one after the other, without a test runner: for tools that want the report. Never rejects. */
export async function runConformance(harness: Harness): Promise<ConformanceReport> {
  const report = new GrowingReport(harness.name);
  for (const { name: group, scenarios } of SCENARIOS)
    for (const scenario of scenarios) report.add(group, await judge(scenario, harness));
  return report;
}

class GrowingReport implements ConformanceReport {
  readonly harness: string;
  readonly verdicts: GroupedVerdict[] = [];
  transport = "unknown";
  capabilities: Capabilities | undefined;

  constructor(harness: string) {
    this.harness = harness;
  }

  add(group: string, { verdict, transport, capabilities }: Judgement): void {
    this.verdicts.push({ group, ...verdict });
    if (capabilities === undefined) return;
    this.transport = transport;
    this.capabilities = capabilities;
  }
}
