import { parentPort, workerData } from "node:worker_threads";
import { describeThrown } from "@waybill/core/transport-kit";
import { patchPlatform } from "../platform/patches.ts";
import { beatInto, createPulse } from "../watchdog/heartbeat.ts";
import { Explorer, type ChunkReport } from "../simulate/chunks.ts";
import { settingsOf } from "../simulate/options.ts";
import { show } from "../text/show.ts";
import { applicationOf } from "./application-of.ts";
import type { Answer, Task, WorkerFacts } from "./protocol.ts";

/** One of several threads that try schedules of the same application. */
const { module, options, pulse } = workerData as WorkerFacts;
const { app, input, properties } = await applicationOf(new URL(module));
const settings = settingsOf(properties === undefined ? options : { ...options, properties });
const explorer = new Explorer(app, input, settings);
beatInto(createPulse(pulse));
if (settings.platform !== "off") patchPlatform();

parentPort?.on("message", ({ at, chunk }: Task) => {
  explorer.explore(chunk).then(
    (report) => answer({ at, report: sendable(report) }),
    (trouble: unknown) =>
      answer({ at, trouble: canBeSent(trouble) ? trouble : new Error(describeThrown(trouble)) }),
  );
});

function answer(given: Answer): void {
  parentPort?.postMessage(given);
}

/** What an application throws or is given may be anything: what cannot be sent is told instead. */
function sendable(report: ChunkReport): ChunkReport {
  const { failure } = report;
  if (failure === undefined) return report;
  const { violation, input: given } = failure;
  const cause = canBeSent(violation.cause) ? violation.cause : new Error(describeThrown(violation.cause));
  const told = canBeSent(given) ? given : show(given);
  return { ...report, failure: { ...failure, violation: { ...violation, cause }, input: told } };
}

function canBeSent(value: unknown): boolean {
  try {
    structuredClone(value);
    return true;
  } catch {
    return false;
  }
}
