import { parentPort, workerData } from "node:worker_threads";
import { describeThrown } from "@waybill/core/transport-kit";
import { patchPlatform } from "../platform/patch-platform.ts";
import { sendBeatsTo, createHeartbeat } from "../watchdog/heartbeat.ts";
import type { ChunkReport } from "../simulate/chunk.ts";
import { Explorer } from "../simulate/explorer.ts";
import { settingsOf } from "../simulate/options.ts";
import { show } from "../text/show.ts";
import { applicationOf } from "./application-of.ts";
import type { WorkerAnswer, Task, WorkerFacts } from "./protocol.ts";

// The program of a worker thread: it runs the chunks that the pool sends.
const { module, options, heartbeat } = workerData as WorkerFacts;
const { app, input, properties } = await applicationOf(new URL(module));
const settings = settingsOf(properties === undefined ? options : { ...options, properties });
const explorer = new Explorer(app, input, settings);
sendBeatsTo(createHeartbeat(heartbeat));
if (settings.platform !== "off") patchPlatform();

parentPort?.on("message", ({ at, chunk }: Task) => {
  explorer.explore(chunk).then(
    (report) => answer({ at, report: sendable(report) }),
    (error: unknown) => answer({ at, error: canBeSent(error) ? error : new Error(describeThrown(error)) }),
  );
});

function answer(given: WorkerAnswer): void {
  parentPort?.postMessage(given);
}

/** Replaces an input or a thrown value that cannot be sent to another thread by its text. */
function sendable(report: ChunkReport): ChunkReport {
  const { failure } = report;
  if (failure === undefined) return report;
  const { violation, input: given } = failure;
  const cause = canBeSent(violation.cause) ? violation.cause : new Error(describeThrown(violation.cause));
  const sentInput = canBeSent(given) ? given : show(given);
  return { ...report, failure: { ...failure, violation: { ...violation, cause }, input: sentInput } };
}

function canBeSent(value: unknown): boolean {
  try {
    structuredClone(value);
    return true;
  } catch {
    return false;
  }
}
