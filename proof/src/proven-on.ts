import { startForTests } from "@waybill/brokers/for-tests";
import type { BrokerName, BrokerOptions } from "@waybill/brokers";
import { afterAll, describe, expect, it } from "vitest";
import { EXAMPLES, expectedOf, outputOf } from "./examples.ts";
import { SMALL, type Target } from "./target.ts";
import { CHAOS_TESTS } from "./chaos-tests/all.ts";

/** The limit of one chaos test or example; only a hanging one reaches it. */
const LIMIT_MS = 180_000;

/** The differences between brokers besides their names. */
export type ProofOptions = BrokerOptions & Pick<Target, "transportAt">;

/** Declares all chaos tests in their small size and all examples as tests, on a broker of their own. */
export async function provenOn(name: BrokerName, options: ProofOptions = {}): Promise<void> {
  const { transportAt, ...wanted } = options;
  const broker = await startForTests(name, wanted);
  describe.skipIf(broker === undefined)(`${name}${wanted.isOldest === true ? " oldest" : ""}`, () => {
    if (broker === undefined) return;
    const target: Target = { name, broker, ...(transportAt && { transportAt }) };
    it.each(Object.entries(CHAOS_TESTS))(
      "no message is lost when %s",
      async (_, test) => expect(await test(target, SMALL)).toMatchObject({ lost: 0, violations: [] }),
      LIMIT_MS,
    );
    it.each(EXAMPLES)(
      "the example %s prints the text of its expected.txt",
      async (example) => expect(await outputOf(example, broker.url)).toBe(expectedOf(example)),
      LIMIT_MS,
    );
    afterAll(() => broker.end(), LIMIT_MS);
  });
}
