import { MessagingError } from "@waybill/core/transport";
import { systemEnvironment } from "@waybill/core/transport-kit";
import { exploreModule } from "../parallel/explore-module.ts";
import { Explorer, type MakeApp } from "./explorer.ts";
import { exploreHere } from "./explore-here.ts";
import { settingsOf, type SimulateOptions } from "./options.ts";
import type { Report } from "./tally.ts";

/**
 * Runs an application under many schedules, as {@link simulate} does, and returns a report with the failure, if there is one.
 * @param application the function that makes the application, or the URL of a module that exports this function as `app`
 * @throws MessagingError `invalid-option`; the error of an application that does not start
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
      what: "The option workers needs the URL of a module: an application that is a function cannot be sent to a thread.",
      advice: "Export the function as `app` from a module, and pass the URL of the module.",
    });
  const explorer = new Explorer(application, options.input, settings);
  return exploreHere(settings, seed, (chunk) => explorer.explore(chunk));
}
