import type { Duration } from "../environment/duration.ts";
import type { Messenger } from "../pipeline/messenger.ts";
import type { BusState } from "./lifecycle/bus-state.ts";
import type { DeadLetters } from "./dead-letters/dead-letters.ts";
import type { Explanation } from "./explain/explanation.ts";

/** An application's connection to its broker: it runs the services it was made with and sends messages. */
export interface Bus extends Messenger {
  /**
   * Connects, checks that the broker can carry every route, provisions, subscribes; resolves when all services hear.
   * @throws MessagingError `connect-failed`, `capability-missing`, `topology-drift`, `provisioning-failed`, `bus-already-started`, `bus-stopped`
   */
  start(): Promise<void>;
  /**
   * Takes nothing new, lets running handlers finish and their messages leave, gives back the rest, disconnects.
   * Resolves within the timeout, whatever the handlers do. Safe to call twice, and before `start`.
   */
  stop(options?: StopOptions): Promise<void>;
  /** How it is, for a readiness probe. */
  state(): BusState;
  /** Calls `listener` after every change of state; returns what ends it. What it throws is ignored. */
  onState(listener: (state: BusState) => void): () => void;
  /** Where messages go and what is done with them, as data and as text. */
  explain(): Explanation;
  /** The messages that a service of any process could not handle. */
  deadLetters(service: string): DeadLetters;
  /** What is counted, never thrown. */
  counters(): Counters;
}

export interface StopOptions {
  /** Default: the bus's `timeouts.stop`. */
  readonly timeout?: Duration;
}

export interface Counters {
  /** Messages that wait for the broker. */
  readonly waitingToSend: number;
  /** Requests that wait for their reply. */
  readonly waitingForReply: number;
  /** Replies that came after their request had been given up, or that answered nothing. */
  readonly lateReplies: number;
  /** Replies that could not be stored because the requester had gone. */
  readonly lostReplies: number;
}
