import { MessagingError } from "@waybill/core/transport";
import { systemEnvironment } from "@waybill/core/transport-kit";
import { exploreModule } from "../parallel/explore-module.ts";
import { Explorer, type MakeApp } from "./explorer.ts";
import { exploreHere } from "./explore-here.ts";
import { settingsOf, type SimulateOptions } from "./options.ts";
import type { Report } from "./tally.ts";

/**
 * Runs an application under many schedules, as {@link simulate} does, and answers with what it found.
 * @param application what makes it, or the URL of a module that exports that as `app`
 * @throws MessagingError `invalid-option`, and whatever starting the application throws
 */
export async function explore<Input = undefined>(
  application: MakeApp<Input> | URL,
  options: SimulateOptions<Input> = {},
): Promise<Report> {
  const settings = settingsOf(options);
  const seed = settings.seed ?? systemEnvironment.random.uint32() | 0;
  if (application instanceof URL) return exploreModule(application, options, { settings, seed });
  if (options.workers !== undefined)
    throw new MessagingError("invalid-option", {
      what: "workers are given, but an application that is a function cannot be sent to them.",
      advice: "Export it as `app` from a module, and give simulate the module's URL.",
    });
  const explorer = new Explorer(application, options.input, settings);
  return exploreHere(settings, seed, (chunk) => explorer.explore(chunk));
}
