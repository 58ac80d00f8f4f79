import { startForTests } from "@waybill/brokers/for-tests";
import type { BrokerName, BrokerOptions } from "@waybill/brokers";
import { afterAll, describe, expect, it } from "vitest";
import { EXAMPLES, expectedOf, outputOf } from "./examples.ts";
import { SMALL, type Site } from "./site.ts";
import { TRIALS } from "./trials/all.ts";

/** For one trial or example: the bound is for those that hang. */
const LIMIT_MS = 180_000;

/** What differs between brokers besides their names. */
export type ProofOptions = BrokerOptions & Pick<Site, "transportAt">;

/** Every trial, small, and the examples unchanged, on a broker of their own. */
export async function provenOn(name: BrokerName, options: ProofOptions = {}): Promise<void> {
  const { transportAt, ...wanted } = options;
  const broker = await startForTests(name, wanted);
  describe.skipIf(broker === undefined)(`${name}${wanted.isOldest === true ? " oldest" : ""}`, () => {
    if (broker === undefined) return;
    const site: Site = { name, broker, ...(transportAt && { transportAt }) };
    it.each(Object.entries(TRIALS))(
      "nothing is lost when %s",
      async (_, trial) => expect(await trial(site, SMALL)).toMatchObject({ lost: 0, broken: [] }),
      LIMIT_MS,
    );
    it.each(EXAMPLES)(
      "the example %s prints what its expected.txt says",
      async (example) => expect(await outputOf(example, broker.url)).toBe(expectedOf(example)),
      LIMIT_MS,
    );
    afterAll(() => broker.end(), LIMIT_MS);
  });
}
