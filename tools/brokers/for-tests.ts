import { start, type OwnBroker, type OwnBrokerOptions } from "./api.ts";
import { nameOf, type BrokerName } from "./broker.ts";

/**
 * A broker for one file of tests. Where none can be had that is a failure in CI and said loudly elsewhere, where the
 * tests are skipped: `undefined`.
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
