import { Worker } from "node:worker_threads";

/** The limit of one case on a busy machine. */
const MAX_CASE_MS = 60_000;

const PROGRAM = `
const { workerData } = require("node:worker_threads");
const { writeSync } = require("node:fs");
const beats = new Int32Array(workerData.beats);
let last = -1;
setInterval(() => {
  const now = Atomics.load(beats, 0);
  if (now === last) {
    writeSync(2, "\\nA case hangs: npm run fuzz -- --only '" + workerData.name + "' --seed " + Atomics.load(beats, 1) + "\\n");
    process.kill(process.pid, "SIGKILL");
  }
  last = now;
}, workerData.maxCaseMs);
`;

/**
 * Kills the process if a case never ends, and prints the command that repeats it. It runs in a thread of its own,
 * because the main thread may hang.
 */
export class Watchdog {
  readonly #beats = new Int32Array(new SharedArrayBuffer(8));
  readonly #worker: Worker;

  constructor(name: string) {
    const workerData = { beats: this.#beats.buffer, name, maxCaseMs: MAX_CASE_MS };
    this.#worker = new Worker(PROGRAM, { eval: true, workerData });
    this.#worker.unref();
  }

  /** Called at the start of each case. */
  beat(): void {
    Atomics.add(this.#beats, 0, 1);
  }

  /** Sets the seed that repeats the current chunk. */
  seed(seed: number): void {
    Atomics.store(this.#beats, 1, seed);
  }

  async end(): Promise<void> {
    await this.#worker.terminate();
  }
}
