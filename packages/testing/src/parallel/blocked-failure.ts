import type { Failure } from "../simulate/failure.ts";
import { printPath } from "../simulate/options.ts";
import { lastBeat, type Heartbeat } from "../watchdog/heartbeat.ts";

/** Returns the failure of a run that blocks its thread: its last step, and the seed and path that replay it. It is not shrunk. */
export function blockedFailure(
  heartbeat: Heartbeat,
  { profile, blockedAfterMs }: { readonly profile: string; readonly blockedAfterMs: number },
): Failure {
  const { text, seed, run } = lastBeat(heartbeat);
  return {
    violation: {
      name: "handlers do not block their thread",
      what: `no step has followed "${text}" for ${blockedAfterMs / 1_000} s: its code blocks the thread with an endless loop or a synchronous call`,
      cause: undefined,
    },
    profile,
    seed,
    path: printPath(String(run)),
    input: undefined,
    schedule: { randomSeed: 0, faults: [], choices: new Uint8Array(0) },
    steps: 0,
    timeline: [],
    story: [],
  };
}
