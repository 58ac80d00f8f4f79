import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { BrokerName, BrokerOptions, OwnBroker } from "@waybill/brokers";
import { startForTests } from "@waybill/brokers/for-tests";
import { tally, transportConformance, type ConformanceReport, type Harness } from "@waybill/conformance";
import { afterAll, describe, expect, it } from "vitest";

/** The limit of one scenario, which may reach several timeouts and restart a broker. */
const LIMIT_MS = 180_000;

/** The folder of the reports from which `npm run capabilities` makes its table; git ignores it. */
const REPORTS = fileURLToPath(new URL("../../.cache/conformance/", import.meta.url));

export interface ConformanceOptions extends BrokerOptions {
  /** The harness; its name is the column of the capability table. */
  readonly harness: (broker: OwnBroker) => Harness;
}

/** Declares the whole conformance suite as tests on a broker of its own. */
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
      save(report);
    });
    afterAll(() => broker.end(), LIMIT_MS);
  });
}

function save(report: ConformanceReport): void {
  mkdirSync(REPORTS, { recursive: true });
  const file = `${report.harness.replaceAll(" ", "-")}.json`;
  writeFileSync(join(REPORTS, file), JSON.stringify(report));
}
