import { explore, type MakeApp, type Report } from "./explore.ts";
import { tellFailure } from "./tell-failure.ts";
import type { SimulateOptions } from "./options.ts";

/**
 * Runs an application under many schedules of a modelled broker, with faults, in virtual time, and looks for one that
 * breaks a property. Resolves with what was tried when none does.
 * @throws SimulationFailure with the shortest such schedule told as a story, and the seed and path to replay it
 * @throws MessagingError `invalid-option`, and whatever starting the application throws
 */
export async function simulate<Input = undefined>(
  makeApp: MakeApp<Input>,
  options: SimulateOptions<Input> = {},
): Promise<Report> {
  const report = await explore(makeApp, options);
  if (report.failure !== undefined) await tellFailure(report.failure, options.page);
  return report;
}
