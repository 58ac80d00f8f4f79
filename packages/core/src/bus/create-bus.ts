import type { Bus } from "./bus.ts";
import { ConnectedBus } from "./connected-bus.ts";
import { loadTransport } from "./load-transport.ts";
import { settingsOf, type BusOptions } from "./options.ts";

/**
 * Makes a bus. Everything that can be wrong without asking the broker is found here; nothing is connected before `start`.
 * @throws MessagingError `invalid-option`, `invalid-duration`, `invalid-name`, `duplicate-service`, `empty-service`,
 *   `duplicate-owner`, `conflicting-contracts`, `unknown-transport`, `transport-not-installed`
 */
export async function createBus(options: BusOptions): Promise<Bus> {
  const settings = settingsOf(options);
  const { transport } = options;
  return new ConnectedBus(
    settings,
    typeof transport === "string" ? await loadTransport(transport, settings.ground) : transport,
  );
}
