/** Tests of applications: a bus in virtual time, and a simulator that searches for a schedule that breaks a property. */
export { testBus, type TestBus, type ContainedService, type TestBusOptions } from "./test-bus/test-bus.ts";
export type { Seen, Part } from "./test-bus/seen.ts";
export type { RecordedDeadLetter as LostMessage } from "./test-bus/recorder.ts";
export { ExpectationFailed } from "./test-bus/expectation-failed.ts";

export { arbitraryOf } from "./arbitrary/arbitrary-of.ts";
export { simulate } from "./simulate/simulate.ts";
export { explore } from "./simulate/explore.ts";
export type { MakeApp } from "./simulate/explorer.ts";
export type { Report } from "./simulate/tally.ts";
export { SimulationFailure, type Failure } from "./simulate/failure.ts";
export type { PlatformRule } from "./platform/platform-port.ts";
export type { Progress, SimulateOptions } from "./simulate/options.ts";
export type { Violation } from "./simulate/violation.ts";
export { actsOf, type ModelCommand } from "./model/acts-of.ts";
export type { Act, App, ProcessSpec, ServicesFactory } from "./world/app.ts";
export type { World } from "./world/world.ts";
export type { Outside } from "./world/platform/outside.ts";
export { OutsideFailure } from "./world/platform/outside.ts";
export type { Effect } from "./world/effects.ts";
export type { ProfileName } from "./world/profile.ts";
export type { FaultName } from "./faults/fault-name.ts";
export type { Schedule, PlannedFault } from "./schedule/schedule.ts";
export type { HistoryEvent, EventKind as What } from "./history/history-event.ts";
export type { TimelineEntry } from "./story/timeline.ts";
export { timelineJson, timelinePage } from "./page/timeline-page.ts";
export type { Property, RunRecord } from "./properties/property.ts";
export {
  atMostOnce,
  everyCommandHandled,
  exactlyOnce,
  noDeadLetters,
  orderPerKey,
  repliesCorrelate,
} from "./properties/properties.ts";
