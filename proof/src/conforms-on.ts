import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { BrokerName, BrokerOptions, OwnBroker } from "@waybill/brokers";
import { startForTests } from "@waybill/brokers/for-tests";
import { tally, transportConformance, type ConformanceReport, type Harness } from "@waybill/conformance";
import { afterAll, describe, expect, it } from "vitest";

/** For one scenario: patience may be used up several times, and a broker be restarted. */
const LIMIT_MS = 180_000;

/** Where runs leave what they found, for the table of capabilities; ignored by git. */
const REPORTS = fileURLToPath(new URL("../../.cache/conformance/", import.meta.url));

export interface ConformanceOptions extends BrokerOptions {
  /** Named as in the table of capabilities. */
  readonly harness: (broker: OwnBroker) => Harness;
}

/** The whole suite on a broker of its own. */
export async function conformsOn(
  name: BrokerName,
  { harness, ...wanted }: ConformanceOptions,
): Promise<void> {
  const broker = await startForTests(name, wanted);
  describe.skipIf(broker === undefined)(name, () => {
    if (broker === undefined) return;
    const report = transportConformance(harness(broker), {
      describe,
      it: (promise, run) => it(promise, run, LIMIT_MS),
    });
    it("keeps every promise that it declares", () => {
      expect(report.verdicts.length).toBeGreaterThan(100);
      expect(tally(report)).toMatchObject({ failed: 0 });
      keep(report);
    });
    afterAll(() => broker.end(), LIMIT_MS);
  });
}

function keep(report: ConformanceReport): void {
  mkdirSync(REPORTS, { recursive: true });
  const file = `${report.harness.replaceAll(" ", "-")}.json`;
  writeFileSync(join(REPORTS, file), JSON.stringify(report));
}
