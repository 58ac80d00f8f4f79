import type { Bus } from "./bus.ts";
import { chooseTransport } from "./config/resolve-transport.ts";
import { MessageBus } from "./message-bus.ts";
import { settingsOf, type BusOptions } from "./config/options.ts";

/**
 * Makes a bus. Everything that can be wrong without asking the broker is found here; nothing is connected before `start`.
 * @throws MessagingError `invalid-option`, `invalid-duration`, `invalid-name`, `duplicate-service`, `empty-service`,
 *   `duplicate-owner`, `conflicting-contracts`, `unknown-transport`, `transport-not-installed`
 */
export async function createBus(options: BusOptions = {}): Promise<Bus> {
  const settings = settingsOf(options);
  const { transport, notices } = await chooseTransport(options, settings.environment);
  for (const notice of notices) settings.onWarning(notice);
  return new MessageBus(settings, transport, notices);
}
