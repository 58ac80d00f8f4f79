import { SCENARIOS, type ConformanceReport, type Outcome } from "@waybill/conformance";
import { z } from "zod";

const OUTCOMES = ["held", "refused as declared", "not offered", "failed"] as const;

/** The approved part of a run: the declared capabilities and the outcome of every scenario. */
const Approved = z.object({
  harness: z.string(),
  transport: z.string(),
  capabilities: z.custom<NonNullable<ConformanceReport["capabilities"]>>(
    (value) => typeof value === "object",
  ),
  outcomes: z.record(z.string(), z.enum(OUTCOMES)),
});

export type Approved = z.infer<typeof Approved>;

/** Returns the report of a run as an approved text, one line for each scenario. */
export function approvedOf({ harness, transport, capabilities, verdicts }: ConformanceReport): Approved {
  const outcomes = Object.fromEntries(verdicts.map(({ scenario, outcome }) => [scenario, outcome]));
  return Approved.parse({ harness, transport, capabilities, outcomes });
}

/** @throws ZodError for a file that is not an approved report */
export function parsed(text: string): Approved {
  return Approved.parse(JSON.parse(text));
}

/** Returns the approved report in the form of the table, without scenarios that no longer exist. */
export function reportOf({ outcomes, ...rest }: Approved): ConformanceReport {
  const verdicts = SCENARIOS.flatMap(({ name: group, scenarios }) =>
    scenarios.flatMap(({ name: scenario, needs = [] }) => {
      const outcome = outcomes[scenario];
      return outcome === undefined ? [] : [{ group, scenario, needs, outcome, failure: undefined }];
    }),
  );
  return { ...rest, verdicts };
}

/** Returns the differences between a run and the approved report, one sentence each. */
export function changes(approved: Approved, found: Approved): readonly string[] {
  const scenarios = new Set([...Object.keys(approved.outcomes), ...Object.keys(found.outcomes)]);
  const shown = (outcome: Outcome | undefined): string => outcome ?? "not run";
  const outcomes = [...scenarios]
    .filter((name) => approved.outcomes[name] !== found.outcomes[name])
    .map((name) => `${name}: ${shown(found.outcomes[name])}, approved ${shown(approved.outcomes[name])}`);
  const isDeclared = JSON.stringify(approved.capabilities) === JSON.stringify(found.capabilities);
  return [...outcomes, ...(isDeclared ? [] : ["it declares other capabilities"])];
}
