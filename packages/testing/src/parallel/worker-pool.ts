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
  /** Of Node, for each thread; the process's own when not given. */
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
 * Threads that share the chunks of a simulation. What is found does not depend on how many they are: of several failures
 * that of the first chunk counts, and chunks before it are finished first.
 */
export class WorkerPool {
  readonly #options: WorkerPoolOptions;
  readonly #members: PoolWorker[] = [];
  /** The first chunk in which something was found, and what. */
  #found: { readonly at: number; readonly failure: Failure } | undefined = undefined;

  constructor(options: WorkerPoolOptions) {
    this.#options = options;
  }

  get failure(): Failure | undefined {
    return this.#found?.failure;
  }

  /**
   * Resolves when no chunk is left, or all before a failure are done.
   * @throws what a thread could not cope with: the module that does not load, an application that does not start
   */
  work(next: (at: number) => Chunk | undefined, onReport: (report: ChunkReport) => void): Promise<void> {
    let at = 0;
    return new Promise((resolve, reject) => {
      let stopLooking = (): void => undefined;
      const look = (): void => {
        stopLooking = clock.schedule(Math.min(1_000, this.#options.blockedAfterMs / 4), () => {
          this.#findBlocked(onEnd);
          look();
        });
      };
      const end = (error?: unknown): void => {
        stopLooking();
        if (error === undefined) resolve();
        else reject(error instanceof Error ? error : new Error(String(error)));
      };
      const give = (member: PoolWorker): void => {
        const chunk = this.#found === undefined ? next(at) : undefined;
        member.task = chunk === undefined ? undefined : { at: at++, chunk };
        member.lastBeatAt = clock.now();
        if (member.task !== undefined) member.worker.postMessage(member.task);
        else onEnd();
      };
      const onEnd = (): void => {
        const before = this.#found?.at ?? Number.POSITIVE_INFINITY;
        if (this.#members.every(({ task }) => task === undefined || task.at > before)) end();
      };
      look();
      for (let count = 0; count < this.#options.size; count++) {
        const member = this.#startWorker();
        member.worker.on("message", (answer: WorkerAnswer) => {
          if ("trouble" in answer) return end(answer.trouble);
          onReport(answer.report);
          this.#recordFailure(answer.at, answer.report.failure);
          give(member);
        });
        member.worker.on("error", end);
        give(member);
      }
    });
  }

  async terminate(): Promise<void> {
    await Promise.all(this.#members.map(({ worker }) => worker.terminate()));
  }

  #startWorker(): PoolWorker {
    const { module, options, execArgv } = this.#options;
    const heartbeat = createHeartbeat();
    const facts: WorkerFacts = { module, options, heartbeat: heartbeat.memory };
    const own = new URL(`./worker${import.meta.url.endsWith(".ts") ? ".ts" : ".js"}`, import.meta.url);
    const worker = new Worker(own, {
      workerData: facts,
      ...(execArgv === undefined ? {} : { execArgv: [...execArgv] }),
    });
    const member: PoolWorker = {
      worker,
      heartbeat: heartbeat,
      task: undefined,
      beats: 0,
      lastBeatAt: clock.now(),
    };
    this.#members.push(member);
    return member;
  }

  #recordFailure(at: number, failure: Failure | undefined): void {
    if (failure !== undefined && at < (this.#found?.at ?? Number.POSITIVE_INFINITY))
      this.#found = { at, failure };
  }

  /** A thread in which no step has come after the last one is blocked: it can be ended, and what it did is known. */
  #findBlocked(onEnd: () => void): void {
    const { blockedAfterMs } = this.#options;
    for (const member of this.#members) {
      const beats = Atomics.load(member.heartbeat.numbers, INDEX.beats);
      if (beats !== member.beats) member.lastBeatAt = clock.now();
      member.beats = beats;
      const isBlocked = beats > 0 && clock.now() - member.lastBeatAt > blockedAfterMs;
      if (!isBlocked || member.task === undefined) continue;
      this.#recordFailure(
        member.task.at,
        blockedFailure(member.heartbeat, {
          profile: this.#options.options.profile ?? "strictest",
          blockedAfterMs,
        }),
      );
      member.task = undefined;
      void member.worker.terminate();
      onEnd();
    }
  }
}
