import { startForTests } from "@waybill/brokers/for-tests";
import { afterAll, afterEach, beforeAll, describe } from "vitest";
import { ExternalProgram } from "./external-program.ts";

/** Declares tests on a broker of their own, to which an external program writes too. @param timeout the time limit of each test, in milliseconds */
export async function describeExternal(
  what: string,
  timeout: number,
  tests: (external: ExternalProgram) => void,
): Promise<void> {
  const broker = await startForTests("kafka");
  describe.skipIf(broker === undefined)(what, { timeout }, () => {
    const external = new ExternalProgram(broker);
    beforeAll(() => external.connect());
    afterEach(() => external.close());
    afterAll(async () => {
      await external.disconnect();
      await broker?.end();
    });
    tests(external);
  });
}
