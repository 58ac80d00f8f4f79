import { MessagingError } from "@waybill/core/transport";
import { chunkAt } from "../simulate/chunk.ts";
import { Explorer } from "../simulate/explorer.ts";
import { exploreHere } from "../simulate/explore-here.ts";
import type { SimulateOptions, SimulateSettings } from "../simulate/options.ts";
import { Tally, type Report } from "../simulate/tally.ts";
import { applicationOf } from "./application-of.ts";
import { WorkerPool } from "./worker-pool.ts";

interface Given {
  readonly settings: SimulateSettings;
  readonly seed: number;
}

/** Explores the application that a module exports, on the number of threads in `workers`; one means this thread. */
export async function exploreModule<Input>(
  module: URL,
  options: SimulateOptions<Input>,
  { settings, seed }: Given,
): Promise<Report> {
  const {
    input,
    properties,
    progress: _progress,
    page: _page,
    workers: _workers,
    execArgv,
    ...sent
  } = options;
  if (input !== undefined || properties !== undefined)
    throw new MessagingError("invalid-option", {
      what: "The options input and properties cannot be used with a module: they cannot be sent to its threads.",
      advice: "Export them from the module, as `input` and `properties`.",
    });
  const { workers, path, runs, seconds, progress, blockedAfterMs } = settings;
  if (workers <= 1 || path !== undefined) {
    const own = await applicationOf(module);
    const explorer = new Explorer(own.app, own.input, {
      ...settings,
      properties: own.properties ?? settings.properties,
    });
    return exploreHere(settings, seed, (chunk) => explorer.explore(chunk));
  }
  const tally = new Tally(seed);
  const pool = new WorkerPool({
    module: module.href,
    options: sent,
    execArgv,
    blockedAfterMs,
    size: workers,
  });
  try {
    const next = (at: number) => (tally.seconds < seconds ? chunkAt(at, { seed, runs }) : undefined);
    await pool.work(next, (report) => {
      tally.add(report);
      progress(tally.progress());
    });
    tally.failure = pool.failure;
    return tally.report();
  } finally {
    await pool.terminate();
  }
}
