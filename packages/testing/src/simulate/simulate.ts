import type { MakeApp } from "./explorer.ts";
import { explore } from "./explore.ts";
import { throwFailure } from "./throw-failure.ts";
import type { SimulateOptions } from "./options.ts";
import type { Report } from "./tally.ts";

/**
 * Runs an application under many schedules of a modelled broker, with faults, in virtual time, and looks for one that
 * breaks a property. Resolves with what was tried when none does.
 * @param application what makes it, or the URL of a module that exports that as `app`, for several threads
 * @throws SimulationFailure with the shortest such schedule told as a story, and the seed and path to replay it
 * @throws MessagingError `invalid-option`, and whatever starting the application throws
 */
export async function simulate<Input = undefined>(
  application: MakeApp<Input> | URL,
  options: SimulateOptions<Input> = {},
): Promise<Report> {
  const report = await explore(application, options);
  if (report.failure !== undefined) await throwFailure(report.failure, options.page);
  return report;
}
