import type { Environment, Source, Transport } from "@waybill/core/transport";
import type { RawWriter } from "./raw-writer.ts";

/** How a transport is put to the test: one mode of one adapter against one kind of broker. */
export interface Harness {
  /** The adapter and its mode, for the report: `memory`, `rabbitmq quorum`, `kafka six partitions`. */
  readonly name: string;
  /** Called once per scenario. Worlds may share one broker: the kit makes every name unique. */
  open(): Promise<World>;
  /** What differs from {@link DEFAULT_PACE}. */
  readonly pace?: Partial<Pace>;
}

/** One broker, seen from several processes. Never used by two scenarios at once. */
export interface World {
  /** The time and chance its transports were made with. */
  readonly environment: Environment;
  /** Another transport on the same broker, as another process would have it; not connected. */
  transport(): Transport | Promise<Transport>;
  /** Lets time pass: a virtual clock is moved, a real one waited for. Never called while an earlier call is pending. */
  elapse(ms: number): Promise<void>;
  /** Lets happen what needs no time of the clock: settled promises, and I/O where there is any. */
  settle(): Promise<void>;
  /** How many timers are set, where that can be known. */
  readonly timers?: () => number;
  /** How many connections to the broker are open, of all its transports together, where that can be known. */
  readonly connections?: () => number;
  /** How many bytes its transports and the broker have exchanged, where that can be known. */
  readonly traffic?: () => number;
  /** Another program that writes to the same broker past the transports; without it the hostile scenarios are not offered. */
  readonly raw?: RawWriter;
  /** The faults that can be had here; a scenario that needs another is reported as not offered. */
  readonly faults?: Faults;
  /** Called once, when the scenario is over and its transports are closed. */
  close(): Promise<void>;
}

/** Things that go wrong. Each resolves once it has happened; a transport is one that this world made. */
export interface Faults {
  /** The connection of a transport is lost until `restore`. */
  readonly cut?: (transport: Transport) => Promise<void>;
  /** The connection is possible again; the transport finds its way back by itself. Harmless where nothing is cut. */
  readonly restore?: (transport: Transport) => Promise<void>;
  /** Every connection of a transport is reset; the next one is possible at once. */
  readonly reset?: (transport: Transport) => Promise<void>;
  /** Half-open: nothing reaches or leaves a transport until `resume`, and no end of a connection is told. Also before `connect`. */
  readonly stall?: (transport: Transport) => Promise<void>;
  /** Ends `stall`: what was under way passes, in order. */
  readonly resume?: (transport: Transport) => Promise<void>;
  /** The process of a transport is gone without a word: nothing is drained or given back. It is only closed after that. */
  readonly crash?: (transport: Transport) => Promise<void>;
  /** The broker stores nothing until `unblock`. */
  readonly block?: () => Promise<void>;
  readonly unblock?: () => Promise<void>;
  /** The next message of a transport is stored, but its publisher hears of a lost connection; then `restore`. */
  readonly loseConfirm?: (transport: Transport) => Promise<void>;
  /** The broker stops in order and starts again, with what it had stored. */
  readonly restart?: () => Promise<void>;
  /** The process of the broker is killed (SIGKILL) and started again, with what it had stored. */
  readonly kill?: () => Promise<void>;
  /** The process of the broker stands still (SIGSTOP) until `unpause`: its connections are open and silent. */
  readonly pause?: () => Promise<void>;
  /** Ends `pause` (SIGCONT). */
  readonly unpause?: () => Promise<void>;
  /** Somebody deletes what a source reads from, with all its lanes and all that waits there. */
  readonly deleteSource?: (source: Source) => Promise<void>;
  /** A transport to an address where nothing listens; the address must appear in its error. */
  readonly unreachable?: () => Promise<{ readonly transport: Transport; readonly address: string }>;
}

export type FaultName = keyof Faults;
/** What a world may be able to count. */
export type Countable = "timers" | "connections";

/** How fast a broker is and how much is tried: the same scenarios run in virtual and in real time. Milliseconds. */
export interface Pace {
  /** How often a promise with generated sizes, keys and timings is tried. Few on a real broker, many on a model. */
  readonly runs: number;
  /** How much later than due something may come, besides the declared granularity. */
  readonly slackMs: number;
  /** How long is waited for what must happen. */
  readonly patienceMs: number;
  /** How long is watched for what must not happen. */
  readonly quietMs: number;
  /** The first step in which waits let time pass; later steps grow to ten times of it. */
  readonly stepMs: number;
  /** The delays of delayed messages and retries are multiples of this: long enough to be told from none. */
  readonly delayMs: number;
  /** Longer than any lease or acknowledgement timeout of the broker as it is set up. */
  readonly leaseMs: number;
  /** How often a silent connection is made sure of, as the transports of this harness are set up. */
  readonly heartbeatMs: number;
  /** Whether a smaller case is searched when one has failed. */
  readonly shrink: boolean;
}

/** Fits a virtual clock, where patience costs nothing. */
export const DEFAULT_PACE: Pace = {
  runs: 5,
  slackMs: 50,
  patienceMs: 30_000,
  quietMs: 2_000,
  stepMs: 10,
  delayMs: 400,
  leaseMs: 3_600_000,
  heartbeatMs: 1_000,
  shrink: true,
};

/**
 * Fits a broker in a process of its own, on the same machine. An adapter says its own `leaseMs`, longer than the lease
 * or acknowledgement timeout that its broker is set up with for the run, and its own `heartbeatMs`.
 */
export const REAL_PACE: Pace = {
  runs: 2,
  slackMs: 500,
  patienceMs: 25_000,
  quietMs: 400,
  stepMs: 10,
  delayMs: 500,
  leaseMs: 3_000,
  heartbeatMs: 1_000,
  shrink: false,
};

/** The two functions of a test runner: vitest, jest, mocha and node:test all have them. */
export interface Runner {
  readonly describe: (name: string, define: () => void) => void;
  readonly it: (name: string, run: () => Promise<void>) => void;
}
