import { MessagingError } from "@waybill/core/transport";
import { describeThrown } from "@waybill/core/transport-kit";
import { seededRandom } from "@waybill/core/transport-kit/testing";
import { MemoryBroker } from "@waybill/memory";
import { FaultPlan } from "../faults/fault-plan.ts";
import { injectBetweenSteps } from "../faults/inject.ts";
import type { HistoryEvent } from "../history/history-event.ts";
import { History } from "../history/history.ts";
import type { PlatformRule } from "../platform/platform-port.ts";
import type { Property } from "../properties/property.ts";
import type { Schedule } from "../schedule/schedule.ts";
import { beat } from "../watchdog/heartbeat.ts";
import { Agenda } from "../world/agenda.ts";
import type { App } from "../world/app.ts";
import { Deployment } from "../world/deployment.ts";
import type { Effect } from "../world/effects.ts";
import type { RunParts } from "../world/parts.ts";
import type { Profile } from "../world/profile.ts";
import { SimClock } from "../world/platform/sim-clock.ts";
import { worldOf, type World } from "../world/world.ts";
import { Acts } from "./acts.ts";
import { drain, onceDrained } from "./drain.ts";
import { endlessRun, unfinishedWork } from "./unfinished-run.ts";
import type { Violation } from "./violation.ts";

export interface RunSettings {
  readonly profile: Profile;
  /** The properties that must hold besides those of the application. */
  readonly properties: readonly Property[];
  readonly mostSteps: number;
  readonly platform: PlatformRule;
}

/** The result of one run. */
export interface Outcome {
  readonly violation: Violation | undefined;
  readonly history: readonly HistoryEvent[];
  readonly effects: readonly Effect[];
  readonly steps: number;
}

/** Runs an application once, in the order of the schedule, until no event is left; then judges the run. */
export async function runSchedule(
  makeApp: (world: World) => App,
  schedule: Schedule,
  { profile, properties, mostSteps, platform }: RunSettings,
): Promise<Outcome> {
  const clock = new SimClock();
  const random = seededRandom(schedule.randomSeed);
  const parts: RunParts = {
    clock,
    random,
    profile,
    platform,
    platformViolations: [],
    agenda: new Agenda(() => clock.now()),
    history: new History(() => clock.sinceBeginning),
    faults: new FaultPlan(schedule.faults),
    broker: new MemoryBroker({ clock, random }, profile.broker),
  };
  const world = worldOf(parts);
  const { history } = parts;
  const end = (violation: Violation | undefined): Outcome => ({
    violation,
    history: history.events,
    effects: world.effects,
    steps: history.step,
  });
  const app = makeApp(world);
  const deployment = new Deployment(parts);
  deploy(app, deployment);
  await drain();
  const acts = new Acts(parts);
  acts.begin(app.acts, deployment);
  await drain();
  if (deployment.failure !== undefined) throw deployment.failure;

  const { agenda } = parts;
  const { choices } = schedule;
  const step = (): boolean => {
    if (!parts.faults.isEmpty) injectBetweenSteps(parts, deployment);
    const event = agenda.take(choices[history.step] ?? 0);
    beat(event);
    if (event !== undefined) event.run();
    else if (!clock.ringNext()) return false;
    history.step += 1;
    return true;
  };
  const check = (): Violation | undefined => violationAfterStep({ app, acts, deployment, parts });
  const violation = await stepByStep({ step, check, mostSteps });
  if (violation !== undefined) return end(violation);
  if (history.step >= mostSteps) return end(endlessRun(parts, mostSteps));
  const unfinished = unfinishedWork(acts, deployment);
  if (unfinished !== undefined) return end(unfinished);
  return end(await judge(app, properties, { history: history.events, effects: world.effects }));
}

interface Stepping {
  /** Runs the next event; returns false when none is left. */
  readonly step: () => boolean;
  /** Returns the violation after a step, if there is one. */
  readonly check: () => Violation | undefined;
  readonly mostSteps: number;
}

/** Runs step after step, and drains the promises of each. It uses callbacks, because a promise costs a tenth of a step. */
function stepByStep({ step, check, mostSteps }: Stepping): Promise<Violation | undefined> {
  return new Promise((resolve, reject) => {
    let steps = 0;
    const next = (): void => {
      try {
        if (steps === mostSteps || !step()) return resolve(undefined);
        steps += 1;
        onceDrained(checkStep);
      } catch (error) {
        reject(error);
      }
    };
    const checkStep = (): void => {
      try {
        const violation = check();
        if (violation === undefined) next();
        else resolve(violation);
      } catch (error) {
        reject(error);
      }
    };
    next();
  });
}

const DEFAULT_INSTANCES = 2;
const OWN_PLATFORM = "time and random numbers come from the world";

function deploy({ services, processes = [], acts }: App, deployment: Deployment): void {
  if (!hasActs(acts))
    throw new MessagingError("invalid-option", {
      what: "The application has no acts.",
      advice:
        "Return acts: [(bus) => ...], or a list for each client, from the function that makes the application.",
    });
  const all = services === undefined ? processes : [{ name: "app", services }, ...processes];
  if (all.length === 0)
    throw new MessagingError("invalid-option", {
      what: "The application has neither services nor processes.",
      advice: "Return services: () => [...], or processes, from the function that makes the application.",
    });
  for (const spec of all) {
    const { name, instances = DEFAULT_INSTANCES } = spec;
    if (!Number.isInteger(instances) || instances < 1)
      throw new MessagingError("invalid-option", {
        what: `instances of ${name} is ${String(instances)}.`,
        advice: "Give a whole number from 1.",
      });
    deployment.addProcess(spec, instances);
  }
}

/** Returns whether there are acts, for callers without types. */
function hasActs(acts: unknown): boolean {
  return typeof acts === "object" && acts !== null;
}

function violationAfterStep({
  app,
  acts,
  deployment,
  parts,
}: {
  readonly parts: RunParts;
  readonly app: App;
  readonly acts: Acts;
  readonly deployment: Deployment;
}): Violation | undefined {
  const [violation] = parts.platformViolations;
  if (violation !== undefined) return { name: OWN_PLATFORM, what: violation, cause: undefined };
  if (deployment.failure !== undefined) throw deployment.failure;
  const { failure } = acts;
  if (failure !== undefined)
    return {
      name: "acts succeed",
      what: `${failure.act} threw ${describeThrown(failure.cause)}`,
      cause: failure.cause,
    };
  if (app.invariant === undefined) return undefined;
  try {
    app.invariant();
    return undefined;
  } catch (cause) {
    return { name: "invariant", what: describeThrown(cause), cause };
  }
}

async function judge(
  app: App,
  properties: readonly Property[],
  run: { readonly history: readonly HistoryEvent[]; readonly effects: readonly Effect[] },
): Promise<Violation | undefined> {
  for (const { name, judge } of [...(app.properties ?? []), ...properties]) {
    try {
      const what = judge(run);
      if (what !== undefined) return { name, what, cause: undefined };
    } catch (cause) {
      return { name, what: `the property itself threw ${describeThrown(cause)}`, cause };
    }
  }
  try {
    await app.check?.();
    return undefined;
  } catch (cause) {
    return { name: "check", what: describeThrown(cause), cause };
  }
}
