import { Worker } from "node:worker_threads";

/** One case may take so long, on a machine that does much else. */
const PATIENCE_MS = 60_000;

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
}, workerData.patienceMs);
`;

/** Ends the process, with what repeats it, when a case never ends: whoever hangs cannot say so. */
export class Watchdog {
  readonly #beats = new Int32Array(new SharedArrayBuffer(8));
  readonly #worker: Worker;

  constructor(name: string) {
    const workerData = { beats: this.#beats.buffer, name, patienceMs: PATIENCE_MS };
    this.#worker = new Worker(PROGRAM, { eval: true, workerData });
    this.#worker.unref();
  }

  /** A case begins. */
  beat(): void {
    Atomics.add(this.#beats, 0, 1);
  }

  /** Which seed repeats what comes now. */
  seed(seed: number): void {
    Atomics.store(this.#beats, 1, seed);
  }

  async end(): Promise<void> {
    await this.#worker.terminate();
  }
}
