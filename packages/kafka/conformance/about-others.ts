import { startForTests } from "@waybill/brokers/for-tests";
import { afterAll, afterEach, beforeAll, describe } from "vitest";
import { Others } from "./others.ts";

/** Tests on a broker of their own, to which others write as well. The bound, in milliseconds for each, is for those that hang. */
export async function aboutOthers(
  what: string,
  timeout: number,
  tests: (others: Others) => void,
): Promise<void> {
  const broker = await startForTests("kafka");
  describe.skipIf(broker === undefined)(what, { timeout }, () => {
    const others = new Others(broker);
    beforeAll(() => others.connect());
    afterEach(() => others.close());
    afterAll(async () => {
      await others.disconnect();
      await broker?.end();
    });
    tests(others);
  });
}
