import type { Profiler } from "node:inspector";
import { Session } from "node:inspector/promises";

/** The share of one library or function in the time of a run. */
export interface Share {
  readonly name: string;
  readonly share: number;
}

/** Runs a function under V8's sampling profiler; returns the self time by library, and by function for our own code, largest first. */
export async function profiled(run: () => Promise<void>): Promise<readonly Share[]> {
  const session = new Session();
  session.connect();
  await session.post("Profiler.enable");
  await session.post("Profiler.setSamplingInterval", { interval: 200 });
  await session.post("Profiler.start");
  await run();
  const { profile } = await session.post("Profiler.stop");
  session.disconnect();
  return shares(profile);
}

function shares({ nodes, samples = [] }: Profiler.Profile): readonly Share[] {
  const names = new Map(nodes.map(({ id, callFrame }) => [id, nameOf(callFrame)]));
  const counts = new Map<string, number>();
  for (const sample of samples) {
    const name = names.get(sample) ?? "unknown";
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return [...counts]
    .map(([name, count]) => ({ name, share: count / samples.length }))
    .toSorted((a, b) => b.share - a.share);
}

function nameOf({ url, functionName }: Profiler.ProfileNode["callFrame"]): string {
  const ours = /\/(packages\/[^/]+\/(?:src|dist)\/.+|bench\/.+)$/.exec(url)?.[1];
  if (ours !== undefined) return `${ours} ${functionName}`;
  const library = /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url)?.[1];
  if (library !== undefined) return library;
  return functionName.startsWith("(") || url === "" ? `${functionName || "(anonymous)"} (engine)` : "node";
}
