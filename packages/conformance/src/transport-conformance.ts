import type { Capabilities } from "@waybill/core/transport";
import type { Harness, Runner } from "./harness.ts";
import { judge, type Judgement } from "./judge.ts";
import type { ConformanceReport, GroupedVerdict } from "./report/report.ts";
import { SCENARIOS } from "./scenarios/all-scenarios.ts";

/**
 * Defines one test for every scenario, and returns a report that fills as the runner runs them. A test passes when its
 * scenario is not offered or refused as declared; the report shows it.
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

/** Runs every scenario in order, without a test runner, and returns the report. Never rejects. */
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
