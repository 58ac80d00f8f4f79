import type { Bus } from "./bus.ts";
import { chooseTransport } from "./config/resolve-transport.ts";
import { MessageBus } from "./message-bus.ts";
import { settingsOf, type BusOptions } from "./config/options.ts";

/**
 * Creates a bus and checks everything that can be checked without the broker. `start` connects it.
 * @throws MessagingError `invalid-option`, `invalid-duration`, `invalid-name`, `duplicate-service`, `empty-service`,
 *   `duplicate-owner`, `conflicting-contracts`, `unknown-transport`, `transport-not-installed`
 */
export async function createBus(options: BusOptions = {}): Promise<Bus> {
  const settings = settingsOf(options);
  const { transport, warnings } = await chooseTransport(options, settings.environment);
  for (const warning of warnings) settings.onWarning(warning);
  return new MessageBus(settings, transport, warnings);
}
