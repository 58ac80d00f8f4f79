import type { Failure } from "../simulate/failure.ts";
import { printPath } from "../simulate/options.ts";
import { lastBeat, type Heartbeat } from "../watchdog/heartbeat.ts";

/** What is known of a run that blocks its thread: its last step, and how to replay it. It cannot be shrunk. */
export function blockedFailure(
  heartbeat: Heartbeat,
  { profile, blockedAfterMs }: { readonly profile: string; readonly blockedAfterMs: number },
): Failure {
  const { text, seed, run } = lastBeat(heartbeat);
  return {
    violation: {
      name: "handlers give the thread back",
      what: `for ${blockedAfterMs / 1_000} s nothing has come after "${text}": its code blocks the thread, by a loop without end or a call that waits`,
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
