import { start, type OwnBroker, type OwnBrokerOptions } from "./api.ts";
import { nameOf, type BrokerName } from "./broker.ts";

/**
 * Starts a broker for one test file. If the broker cannot start, this fails in CI; elsewhere it prints a warning and
 * returns `undefined`, and the tests are skipped.
 */
export async function startForTests(
  broker: BrokerName,
  options: OwnBrokerOptions = {},
): Promise<OwnBroker | undefined> {
  try {
    return await start(broker, options);
  } catch (error) {
    if (process.env["CI"] !== undefined) throw error;
    const name = nameOf({ broker, isOldest: options.isOldest === true, nodes: options.nodes ?? 1 });
    process.stderr.write(`\n!!! NOT TESTED on ${name}: ${String(error)}\n\n`);
    return undefined;
  }
}
