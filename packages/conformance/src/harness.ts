import type { Environment, Source, Transport } from "@waybill/core/transport";
import type { RawWriter } from "./raw-writer.ts";

/** The set-up of a conformance run: one mode of one adapter against one kind of broker. */
export interface Harness {
  /** The adapter and its mode, as the report shows it: `memory`, `rabbitmq quorum`, `kafka six partitions`. */
  readonly name: string;
  /** Opens a world for one scenario. Worlds may share one broker, because the kit makes every name unique. */
  open(): Promise<World>;
  /** The values that differ from {@link DEFAULT_PACE}. */
  readonly pace?: Partial<Pace>;
}

/** One broker as several processes see it. Only one scenario uses a world. */
export interface World {
  /** The clock and the random numbers of its transports. */
  readonly environment: Environment;
  /** Creates another transport on the same broker, as another process would; it is not connected. */
  transport(): Transport | Promise<Transport>;
  /** Lets time pass: advances a virtual clock, or waits for a real one. Never called while an earlier call is pending. */
  elapse(ms: number): Promise<void>;
  /** Runs everything that needs no clock time: settled promises, and pending I/O. */
  settle(): Promise<void>;
  /** Returns the number of running timers; absent where the world cannot count them. */
  readonly timers?: () => number;
  /** Returns the number of open connections of all transports together; absent where the world cannot count them. */
  readonly connections?: () => number;
  /** Returns the bytes that transports and broker have exchanged; absent where the world cannot count them. */
  readonly traffic?: () => number;
  /** Writes to the same broker as another program does, past the transports; without it, scenarios that need it are reported as not offered. */
  readonly raw?: RawWriter;
  /** The faults that this world can cause; a scenario that needs another is reported as not offered. */
  readonly faults?: Faults;
  /** Called once, after the scenario has ended and its transports are closed. */
  close(): Promise<void>;
}

/** The faults of a world. Each call resolves once the fault is in effect; the transport must come from this world. */
export interface Faults {
  /** Ends the connection of a transport and prevents a new one until `restore`. */
  readonly cut?: (transport: Transport) => Promise<void>;
  /** Allows connections again; the transport reconnects by itself. Without effect if nothing is cut. */
  readonly restore?: (transport: Transport) => Promise<void>;
  /** Resets every connection of a transport; it can reconnect immediately. */
  readonly reset?: (transport: Transport) => Promise<void>;
  /**
   * Makes the connections of a transport half-open: until `resume`, no byte and no close of a connection passes in
   * either direction. Also allowed before `connect`.
   */
  readonly stall?: (transport: Transport) => Promise<void>;
  /** Ends `stall`: delayed bytes pass, in order. */
  readonly resume?: (transport: Transport) => Promise<void>;
  /** Ends a transport as a killed process ends: without draining or releasing anything. The kit only closes it afterwards. */
  readonly crash?: (transport: Transport) => Promise<void>;
  /** Makes the broker accept no messages until `unblock`. */
  readonly block?: () => Promise<void>;
  readonly unblock?: () => Promise<void>;
  /** Lets the broker store the next message of a transport, but replaces the confirmation by a lost connection, until `restore`. */
  readonly loseConfirm?: (transport: Transport) => Promise<void>;
  /** Stops the broker in order and starts it again with its stored messages. */
  readonly restart?: () => Promise<void>;
  /** Kills the process of the broker (SIGKILL) and starts it again with its stored messages. */
  readonly kill?: () => Promise<void>;
  /** Freezes the process of the broker (SIGSTOP) until `unpause`: its connections stay open and silent. */
  readonly pause?: () => Promise<void>;
  /** Ends `pause` (SIGCONT). */
  readonly unpause?: () => Promise<void>;
  /** Deletes the queue or topic of a source, with all its lanes and messages, as an operator would. */
  readonly deleteSource?: (source: Source) => Promise<void>;
  /** Creates a transport to an address where nothing listens; its connect error must contain the address. */
  readonly unreachable?: () => Promise<{ readonly transport: Transport; readonly address: string }>;
}

export type FaultName = keyof Faults;
/** The resources that a world may be able to count. */
export type Countable = "timers" | "connections";

/** The durations and the number of cases of a run, for virtual or real time. All durations are milliseconds. */
export interface Pace {
  /** The number of generated cases per scenario: few on a real broker, many on a model. */
  readonly runs: number;
  /** The allowed lateness, in addition to the declared granularity. */
  readonly slackMs: number;
  /** The longest wait for an event that must happen. */
  readonly patienceMs: number;
  /** The time to watch for an event that must not happen. */
  readonly quietMs: number;
  /** The first step of a wait; later steps grow up to ten times this. */
  readonly stepMs: number;
  /** The unit of all delays of messages and retries: long enough to be distinguished from no delay. */
  readonly delayMs: number;
  /** A time longer than any lease or acknowledgement timeout of the broker as it is configured. */
  readonly leaseMs: number;
  /** The heartbeat interval that the transports of this harness are configured with. */
  readonly heartbeatMs: number;
  /** Whether fast-check searches for a smaller case after a failure. */
  readonly shrink: boolean;
}

/** The pace for a virtual clock, where long waits cost nothing. */
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
 * The pace for a broker in a process of its own on the same machine. An adapter sets its own `leaseMs`, longer than the
 * lease or acknowledgement timeout of its broker, and its own `heartbeatMs`.
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

/** The two functions of a test runner that the suite needs; vitest, jest, mocha and node:test have them. */
export interface Runner {
  readonly describe: (name: string, define: () => void) => void;
  readonly it: (name: string, run: () => Promise<void>) => void;
}
