import { describeThrown, type Capabilities, type CapabilityName } from "@waybill/core/transport";
import { DEFAULT_PACE, type FaultName, type Harness, type World } from "./harness.ts";
import { Stage } from "./kit/stage.ts";
import type { Outcome, Verdict } from "./report/report.ts";
import type { Scenario } from "./scenario.ts";
import { REFUSALS } from "./scenarios/refusals/refusals.ts";

/** What one scenario said of a transport. */
export interface Judgement {
  readonly verdict: Verdict;
  readonly transport: string;
  /** Absent when not even connecting worked. */
  readonly capabilities: Capabilities | undefined;
  /** As it was thrown, for the test runner; absent unless the scenario failed. */
  readonly error: unknown;
}

/** Runs one scenario in a world of its own. Never rejects: what goes wrong is the verdict. */
export async function judge(scenario: Scenario, harness: Harness): Promise<Judgement> {
  const seen: { transport: string; capabilities?: Capabilities } = { transport: "unknown" };
  let outcome: Outcome;
  let error: unknown;
  try {
    const world = await harness.open();
    outcome = await inWorld(world, harness, async (stage) => {
      const { name, capabilities } = await stage.instance();
      Object.assign(seen, { transport: name, capabilities });
      return perform(scenario, stage, capabilities);
    });
  } catch (thrown) {
    outcome = "failed";
    error = thrown;
  }
  const { name, needs = [] } = scenario;
  const failure = outcome === "failed" ? describeThrown(error) : undefined;
  const verdict = { scenario: name, needs, outcome, failure };
  return { verdict, transport: seen.transport, capabilities: seen.capabilities, error };
}

async function inWorld(
  world: World,
  harness: Harness,
  play: (stage: Stage) => Promise<Outcome>,
): Promise<Outcome> {
  const stage = new Stage(world, { ...DEFAULT_PACE, ...harness.pace });
  let failure: { readonly thrown: unknown } | undefined;
  let outcome: Outcome = "failed";
  try {
    outcome = await play(stage);
  } catch (thrown) {
    failure = { thrown };
  }
  // A failure to clean up must not hide why the scenario failed, and is one when nothing else was.
  try {
    await stage.close();
  } catch (thrown) {
    failure ??= { thrown };
  }
  await world.close();
  if (failure !== undefined) throw failure.thrown;
  return outcome;
}

/** The capabilities choose what is expected; what the world cannot do is said, never passed over. */
async function perform(scenario: Scenario, stage: Stage, capabilities: Capabilities): Promise<Outcome> {
  const missing = (scenario.needs ?? []).filter((name) => capabilities[name].level === "none");
  if (missing.length > 0) {
    await refuseAll(missing, stage);
    return "refused as declared";
  }
  const offered = (name: FaultName): boolean => stage.world.faults?.[name] !== undefined;
  if (!(scenario.faults ?? []).every(offered)) return "not offered";
  if (scenario.countsTimers === true && stage.world.timers === undefined) return "not offered";
  const act = stage.act();
  try {
    await scenario.run(act);
  } finally {
    await act.close();
  }
  return "held";
}

async function refuseAll(missing: readonly CapabilityName[], stage: Stage): Promise<void> {
  for (const name of missing) {
    const act = stage.act();
    try {
      await REFUSALS[name](act);
    } finally {
      await act.close();
    }
  }
}
