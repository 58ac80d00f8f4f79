import type { Chunk, ChunkReport } from "../simulate/chunk.ts";
import type { SimulateOptions } from "../simulate/options.ts";

/** The data that a worker thread starts with. */
export interface WorkerFacts {
  /** The URL of the module that exports the application. */
  readonly module: string;
  /** The options that can be sent to a thread; the module exports the others. */
  readonly options: SentOptions;
  readonly heartbeat: SharedArrayBuffer;
}

export type SentOptions = Omit<
  SimulateOptions,
  "input" | "properties" | "progress" | "page" | "workers" | "execArgv"
>;

/** One chunk of work for a worker thread. */
export interface Task {
  readonly at: number;
  readonly chunk: Chunk;
}

/** A worker thread's result of a task. */
export type WorkerAnswer =
  | { readonly at: number; readonly report: ChunkReport }
  | { readonly at: number; readonly error: unknown };
