import { patchPlatform } from "../platform/patch-platform.ts";
import { watch } from "../watchdog/watchdog.ts";
import { chunkAt, type Chunk, type ChunkReport } from "./chunk.ts";
import { VERSION, type SimulateSettings } from "./options.ts";
import { Tally, type Report } from "./tally.ts";

/** Explores in this thread. The platform is patched meanwhile, and a watchdog thread reports code that blocks. */
export async function exploreHere(
  settings: SimulateSettings,
  seed: number,
  exploreChunk: (chunk: Chunk) => Promise<ChunkReport>,
): Promise<Report> {
  const { path, runs, seconds, progress, blockedAfterMs } = settings;
  const tally = new Tally(seed);
  const unwatch = watch(blockedAfterMs, VERSION);
  const restore = settings.platform === "off" ? () => undefined : patchPlatform();
  try {
    if (path !== undefined) {
      tally.add(await exploreChunk({ seed, runs: 1, path }));
      return tally.report();
    }
    for (let at = 0; tally.seconds < seconds; at++) {
      const chunk = chunkAt(at, { seed, runs });
      if (chunk === undefined) break;
      tally.add(await exploreChunk(chunk));
      if (tally.failure !== undefined) break;
      progress(tally.progress());
    }
    return tally.report();
  } finally {
    restore();
    unwatch();
  }
}
