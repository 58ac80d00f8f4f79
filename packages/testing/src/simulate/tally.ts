import { systemEnvironment } from "@waybill/core/transport-kit";
import type { ChunkReport } from "./chunk.ts";
import type { Failure } from "./failure.ts";
import type { Progress } from "./options.ts";

/** The result of a simulation. */
export interface Report {
  /** The number of schedules, without those of the shrinking. */
  readonly runs: number;
  readonly steps: number;
  readonly seconds: number;
  readonly seed: number;
  /** The shortest failing run; undefined when no run failed. */
  readonly failure: Failure | undefined;
}

/** Adds up the reports of chunks. */
export class Tally {
  readonly #seed: number;
  readonly #began: number = systemEnvironment.clock.now();
  #runs = 0;
  #steps = 0;
  failure: Failure | undefined = undefined;

  constructor(seed: number) {
    this.#seed = seed;
  }

  add({ runs, steps, failure }: ChunkReport): void {
    this.#runs += runs;
    this.#steps += steps;
    this.failure ??= failure;
  }

  /** The seconds of real time since the start. */
  get seconds(): number {
    return (systemEnvironment.clock.now() - this.#began) / 1_000;
  }

  progress(): Progress {
    return { runs: this.#runs, steps: this.#steps, seconds: this.seconds };
  }

  report(): Report {
    return { ...this.progress(), seed: this.#seed, failure: this.failure };
  }
}
