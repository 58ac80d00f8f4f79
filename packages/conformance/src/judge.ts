import type { Capabilities, CapabilityName } from "@waybill/core/transport";
import { describeThrown } from "@waybill/core/transport-kit";
import { DEFAULT_PACE, type FaultName, type Harness, type World } from "./harness.ts";
import { Stage } from "./kit/stage.ts";
import type { Outcome, Verdict } from "./report/report.ts";
import type { Scenario } from "./scenario.ts";
import { REFUSALS } from "./scenarios/refusals/refusals.ts";

/** The verdict of one scenario on a transport, with the transport's name and capabilities. */
export interface Judgement {
  readonly verdict: Verdict;
  readonly transport: string;
  /** Absent when the transport could not connect. */
  readonly capabilities: Capabilities | undefined;
  /** The error that the scenario threw, for the test runner; undefined unless it failed. */
  readonly error: unknown;
}

/** Runs one scenario in a new world and returns its verdict. Never rejects: an error becomes the verdict `failed`. */
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
  const failure = outcome === "failed" ? textOf(error) : undefined;
  const verdict = { scenario: name, needs, outcome, failure };
  return { verdict, transport: seen.transport, capabilities: seen.capabilities, error };
}

/** Returns the failure, followed by the generated case: fast-check describes the case and keeps the failure as the cause. */
function textOf(error: unknown): string {
  const text = describeThrown(error);
  return error instanceof Error && error.cause !== undefined ? `${textOf(error.cause)} ${text}` : text;
}

async function inWorld(
  world: World,
  harness: Harness,
  run: (stage: Stage) => Promise<Outcome>,
): Promise<Outcome> {
  try {
    return await new Stage(world, { ...DEFAULT_PACE, ...harness.pace }).scene(run);
  } finally {
    await world.close();
  }
}

/** Runs a scenario as the declared capabilities and the world allow, and returns the outcome. */
async function perform(scenario: Scenario, stage: Stage, capabilities: Capabilities): Promise<Outcome> {
  const missing = (scenario.needs ?? []).filter((name) => capabilities[name].level === "none");
  if (missing.length > 0) {
    await refuseAll(missing, stage);
    return "refused as declared";
  }
  const offered = (name: FaultName): boolean => stage.world.faults?.[name] !== undefined;
  if (!(scenario.faults ?? []).every(offered)) return "not offered";
  if (!(scenario.counts ?? []).every((name) => stage.world[name] !== undefined)) return "not offered";
  if (scenario.writesRaw === true && stage.world.raw === undefined) return "not offered";
  await stage.scene((act) => scenario.run(act));
  return "held";
}

async function refuseAll(missing: readonly CapabilityName[], stage: Stage): Promise<void> {
  for (const name of missing) await stage.scene((act) => REFUSALS[name](act));
}
