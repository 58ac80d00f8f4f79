import type { MakeApp } from "./explorer.ts";
import { explore } from "./explore.ts";
import { throwFailure } from "./throw-failure.ts";
import type { SimulateOptions } from "./options.ts";
import type { Report } from "./tally.ts";

/**
 * Runs an application under many schedules of a modelled broker, with faults, in virtual time, and searches for a schedule that
 * violates a property. Returns a report if no schedule does.
 * @param application the function that makes the application, or, for several threads, the URL of a module that exports this
 * function as `app`
 * @throws SimulationFailure with the shortest failing schedule as a story, and the seed and path that replay it
 * @throws MessagingError `invalid-option`; the error of an application that does not start
 */
export async function simulate<Input = undefined>(
  application: MakeApp<Input> | URL,
  options: SimulateOptions<Input> = {},
): Promise<Report> {
  const report = await explore(application, options);
  if (report.failure !== undefined) await throwFailure(report.failure, options.page);
  return report;
}
