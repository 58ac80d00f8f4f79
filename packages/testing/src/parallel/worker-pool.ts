import { Worker } from "node:worker_threads";
import { systemEnvironment } from "@waybill/core/transport-kit";
import type { Chunk, ChunkReport } from "../simulate/chunk.ts";
import type { Failure } from "../simulate/failure.ts";
import { createHeartbeat, INDEX, type Heartbeat } from "../watchdog/heartbeat.ts";
import { blockedFailure } from "./blocked-failure.ts";
import type { WorkerAnswer, SentOptions, Task, WorkerFacts } from "./protocol.ts";

const { clock } = systemEnvironment;

export interface WorkerPoolOptions {
  readonly module: string;
  readonly options: SentOptions;
  /** The arguments of Node for each thread. Default: those of the process. */
  readonly execArgv: readonly string[] | undefined;
  readonly blockedAfterMs: number;
  readonly size: number;
}

interface PoolWorker {
  readonly worker: Worker;
  readonly heartbeat: Heartbeat;
  task: Task | undefined;
  beats: number;
  lastBeatAt: number;
}

/**
 * Threads that share the chunks of a simulation. The result does not depend on their number: the failure of the first chunk
 * counts, and the pool finishes all chunks before it.
 */
export class WorkerPool {
  readonly #options: WorkerPoolOptions;
  readonly #poolWorkers: PoolWorker[] = [];
  /** The first chunk with a failure, and that failure. */
  #found: { readonly at: number; readonly failure: Failure } | undefined = undefined;

  constructor(options: WorkerPoolOptions) {
    this.#options = options;
  }

  get failure(): Failure | undefined {
    return this.#found?.failure;
  }

  /**
   * Runs chunks until none is left, or until all chunks before a failure are done.
   * @throws the error of a thread whose module does not load or whose application does not start
   */
  work(next: (at: number) => Chunk | undefined, onReport: (report: ChunkReport) => void): Promise<void> {
    let at = 0;
    return new Promise((resolve, reject) => {
      let stopChecks = (): void => undefined;
      const checkLater = (): void => {
        stopChecks = clock.schedule(Math.min(1_000, this.#options.blockedAfterMs / 4), () => {
          this.#endBlocked(onEnd);
          checkLater();
        });
      };
      const end = (error?: unknown): void => {
        stopChecks();
        if (error === undefined) resolve();
        else reject(error instanceof Error ? error : new Error(String(error)));
      };
      const assign = (poolWorker: PoolWorker): void => {
        const chunk = this.#found === undefined ? next(at) : undefined;
        poolWorker.task = chunk === undefined ? undefined : { at: at++, chunk };
        poolWorker.lastBeatAt = clock.now();
        if (poolWorker.task !== undefined) poolWorker.worker.postMessage(poolWorker.task);
        else onEnd();
      };
      const onEnd = (): void => {
        const before = this.#found?.at ?? Number.POSITIVE_INFINITY;
        if (this.#poolWorkers.every(({ task }) => task === undefined || task.at > before)) end();
      };
      checkLater();
      for (let count = 0; count < this.#options.size; count++) {
        const poolWorker = this.#startWorker();
        poolWorker.worker.on("message", (answer: WorkerAnswer) => {
          if ("error" in answer) return end(answer.error);
          onReport(answer.report);
          this.#recordFailure(answer.at, answer.report.failure);
          assign(poolWorker);
        });
        poolWorker.worker.on("error", end);
        assign(poolWorker);
      }
    });
  }

  async terminate(): Promise<void> {
    await Promise.all(this.#poolWorkers.map(({ worker }) => worker.terminate()));
  }

  #startWorker(): PoolWorker {
    const { module, options, execArgv } = this.#options;
    const heartbeat = createHeartbeat();
    const facts: WorkerFacts = { module, options, heartbeat: heartbeat.memory };
    const program = new URL(`./worker${import.meta.url.endsWith(".ts") ? ".ts" : ".js"}`, import.meta.url);
    const worker = new Worker(program, {
      workerData: facts,
      ...(execArgv === undefined ? {} : { execArgv: [...execArgv] }),
    });
    const poolWorker: PoolWorker = {
      worker,
      heartbeat,
      task: undefined,
      beats: 0,
      lastBeatAt: clock.now(),
    };
    this.#poolWorkers.push(poolWorker);
    return poolWorker;
  }

  #recordFailure(at: number, failure: Failure | undefined): void {
    if (failure !== undefined && at < (this.#found?.at ?? Number.POSITIVE_INFINITY))
      this.#found = { at, failure };
  }

  /** Ends the threads that have begun no step for too long, and records the last step of each as its failure. */
  #endBlocked(onEnd: () => void): void {
    const { blockedAfterMs } = this.#options;
    for (const poolWorker of this.#poolWorkers) {
      const beats = Atomics.load(poolWorker.heartbeat.numbers, INDEX.beats);
      if (beats !== poolWorker.beats) poolWorker.lastBeatAt = clock.now();
      poolWorker.beats = beats;
      const isBlocked = beats > 0 && clock.now() - poolWorker.lastBeatAt > blockedAfterMs;
      if (!isBlocked || poolWorker.task === undefined) continue;
      this.#recordFailure(
        poolWorker.task.at,
        blockedFailure(poolWorker.heartbeat, {
          profile: this.#options.options.profile ?? "strictest",
          blockedAfterMs,
        }),
      );
      poolWorker.task = undefined;
      void poolWorker.worker.terminate();
      onEnd();
    }
  }
}
