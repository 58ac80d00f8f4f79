import { Worker } from "node:worker_threads";
import { sendBeatsTo, createHeartbeat, INDEX } from "./heartbeat.ts";

/**
 * The program of the watchdog thread. A handler that blocks its thread also blocks the time limit of the test runner, so another
 * thread writes the blocked step and how to replay it to standard error.
 */
const PROGRAM = `
const { workerData: { memory, limitMs, index, version } } = require("node:worker_threads");
const { writeSync } = require("node:fs");
const numbers = new Int32Array(memory, 0, 8);
const text = new Uint8Array(memory, 32);
let seen = -1, since = 0, isReported = false;
setInterval(() => {
  const beats = Atomics.load(numbers, index.beats);
  if (Atomics.load(numbers, index.isRunning) === 0 || beats !== seen) { seen = beats; since = Date.now(); isReported = false; return; }
  if (isReported || Date.now() - since < limitMs) return;
  isReported = true;
  const step = new TextDecoder().decode(text.slice(0, numbers[index.length]));
  writeSync(2, "\\nThe simulation is blocked: no step has followed \\"" + step + "\\" for " + limitMs / 1000 + " s. Its code blocks the thread with an endless loop or a synchronous call. Replay this run with { seed: " + numbers[index.seed] + ", path: \\"" + version + ":" + numbers[index.run] + "\\" }\\n");
}, Math.min(1000, limitMs / 4));
`;

interface Watchdog {
  readonly limitMs: number;
  readonly begin: () => () => void;
}

/** Kept for the next simulation, because a thread is expensive to start. It does not keep the process alive. */
let watchdog: Watchdog | undefined = undefined;

/** Watches this thread until the returned function is called. */
export function watch(limitMs: number, version: string): () => void {
  if (watchdog?.limitMs !== limitMs) watchdog = createWatchdog(limitMs, version);
  return watchdog.begin();
}

function createWatchdog(limitMs: number, version: string): Watchdog {
  const heartbeat = createHeartbeat();
  const { memory, numbers } = heartbeat;
  const worker = new Worker(PROGRAM, {
    eval: true,
    workerData: { memory, limitMs, index: INDEX, version },
    execArgv: [],
  });
  worker.unref();
  worker.once("error", () => (watchdog = undefined)); // without a watchdog only its report is lost
  return {
    limitMs,
    begin: () => {
      sendBeatsTo(heartbeat);
      Atomics.add(numbers, INDEX.isRunning, 1);
      return () => void Atomics.sub(numbers, INDEX.isRunning, 1);
    },
  };
}
