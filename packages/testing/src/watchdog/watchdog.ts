import { Worker } from "node:worker_threads";
import { sendBeatsTo, createHeartbeat, INDEX } from "./heartbeat.ts";

/**
 * A handler that never gives the thread back stops everything in it, the test runner's own time limit included. So another
 * thread looks on, and says on the process's error stream what stands still and how to replay it.
 */
const WATCHING = `
const { workerData: { memory, limitMs, place, version } } = require("node:worker_threads");
const { writeSync } = require("node:fs");
const numbers = new Int32Array(memory, 0, 8);
const text = new Uint8Array(memory, 32);
let seen = -1, since = 0, isTold = false;
setInterval(() => {
  const beats = Atomics.load(numbers, place.beats);
  if (Atomics.load(numbers, place.isRunning) === 0 || beats !== seen) { seen = beats; since = Date.now(); isTold = false; return; }
  if (isTold || Date.now() - since < limitMs) return;
  isTold = true;
  const what = new TextDecoder().decode(text.slice(0, numbers[place.length]));
  writeSync(2, "\\nThe simulation stands still: for " + limitMs / 1000 + " s nothing has come after \\"" + what + "\\". Its code blocks the thread: a loop without end, or a call that waits. Replay it with { seed: " + numbers[place.seed] + ", path: \\"" + version + ":" + numbers[place.run] + "\\" }\\n");
}, Math.min(1000, limitMs / 4));
`;

interface Watchdog {
  readonly limitMs: number;
  readonly begin: () => () => void;
}

/** Kept from one simulation to the next: a thread costs more than a simulation may. It keeps no process alive. */
let watchdog: Watchdog | undefined = undefined;

/** Watches what runs in this thread until the returned function is called. */
export function watch(limitMs: number, version: string): () => void {
  if (watchdog?.limitMs !== limitMs) watchdog = createWatchdog(limitMs, version);
  return watchdog.begin();
}

function createWatchdog(limitMs: number, version: string): Watchdog {
  const heartbeat = createHeartbeat();
  const { memory, numbers } = heartbeat;
  const worker = new Worker(WATCHING, {
    eval: true,
    workerData: { memory, limitMs, place: INDEX, version },
    execArgv: [],
  });
  worker.unref();
  worker.once("error", () => (watchdog = undefined)); // only what could be said is lost
  return {
    limitMs,
    begin: () => {
      sendBeatsTo(heartbeat);
      Atomics.add(numbers, INDEX.isRunning, 1);
      return () => void Atomics.sub(numbers, INDEX.isRunning, 1);
    },
  };
}
