import type { Chunk, ChunkReport } from "../simulate/chunk.ts";
import type { SimulateOptions } from "../simulate/options.ts";

/** What a thread is born with. */
export interface WorkerFacts {
  /** Of the module that exports the application. */
  readonly module: string;
  /** Those that can be sent: the rest is the module's. */
  readonly options: SentOptions;
  readonly heartbeat: SharedArrayBuffer;
}

export type SentOptions = Omit<
  SimulateOptions,
  "input" | "properties" | "progress" | "page" | "workers" | "execArgv"
>;

/** What a thread is asked. */
export interface Task {
  readonly at: number;
  readonly chunk: Chunk;
}

/** What it answers. */
export type WorkerAnswer =
  | { readonly at: number; readonly report: ChunkReport }
  | { readonly at: number; readonly trouble: unknown };
