import { startForTests } from "@waybill/brokers/for-tests";
import { tally, transportConformance } from "@waybill/conformance";
import { afterAll, describe, expect, it } from "vitest";
import { natsHarness } from "./harness.ts";

/** For one scenario: patience may be used up several times, and a broker be restarted. */
const LIMIT_MS = 180_000;

/** The whole suite on a broker of its own. */
export async function holdsOnNats(name: string, isOldest: boolean): Promise<void> {
  const broker = await startForTests("nats", { isOldest });
  describe.skipIf(broker === undefined)(name, () => {
    if (broker === undefined) return;
    const report = transportConformance(natsHarness(name, broker), {
      describe,
      it: (promise, run) => it(promise, run, LIMIT_MS),
    });
    it("keeps every promise that it declares", () => {
      expect(report.verdicts.length).toBeGreaterThan(100);
      expect(tally(report)).toMatchObject({ failed: 0 });
    });
    afterAll(() => broker.end());
  });
}
