/** The conformance suite that every transport must pass. */
export { transportConformance, runConformance } from "./transport-conformance.ts";
export { judge, type Judgement } from "./judge.ts";
export {
  DEFAULT_PACE,
  REAL_PACE,
  type FaultName,
  type Faults,
  type Harness,
  type Pace,
  type Runner,
  type World,
} from "./harness.ts";
export {
  textOfRaw,
  type RawMessage,
  type RawDestination,
  type RawValue,
  type RawWriter,
} from "./raw-writer.ts";
export { SCENARIOS } from "./scenarios/all-scenarios.ts";
export type { Scenario, ScenarioGroup } from "./scenario.ts";
export type { Stage } from "./kit/stage.ts";
export { BrokenPromise, isBrokenPromise } from "./kit/observe/assert.ts";
export {
  outcomeOf,
  tally,
  type ConformanceReport,
  type GroupedVerdict,
  type Outcome,
  type Verdict,
} from "./report/report.ts";
export { capabilityTable, withCapabilityTable } from "./report/capability-table.ts";
