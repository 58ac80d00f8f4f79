import type { Duration } from "../environment/duration.ts";
import type { Messenger } from "../pipeline/messenger.ts";
import type { BusState } from "./lifecycle/bus-state.ts";
import type { DeadLetters } from "./dead-letters/dead-letters.ts";
import type { Explanation } from "./explain/explanation.ts";

/** An application's connection to its broker: it runs the services of the process and sends messages. */
export interface Bus extends Messenger {
  /**
   * Connects, checks that the broker supports all contracts and handlers, provisions the topology and subscribes. Resolves
   * when all services receive messages.
   * @throws MessagingError `connect-failed`, `capability-missing`, `topology-drift`, `provisioning-failed`, `bus-already-started`, `bus-stopped`
   */
  start(): Promise<void>;
  /**
   * Receives no new message, lets running handlers finish and their messages be stored, releases the other messages and
   * disconnects. Resolves within the timeout, even when a handler does not finish. It may be called twice, and before `start`.
   */
  stop(options?: StopOptions): Promise<void>;
  /** Returns the present state, for a readiness probe. */
  state(): BusState;
  /** Calls `listener` after every change of state. Returns a function that ends this. An error of the listener is ignored. */
  onState(listener: (state: BusState) => void): () => void;
  /** Returns how messages are routed, handled and retried, as data and as text. */
  explain(): Explanation;
  /** Returns the dead letters of a service, which may run in any process. @param service the name of the service */
  deadLetters(service: string): DeadLetters;
  /** Returns numbers for metrics. */
  counters(): Counters;
}

export interface StopOptions {
  /** Default: `timeouts.stop` of the bus. */
  readonly timeout?: Duration;
}

export interface Counters {
  /** Messages that wait for the broker. */
  readonly waitingToSend: number;
  /** Requests that wait for their reply. */
  readonly waitingForReply: number;
  /** Replies that came after their request had ended, or that answered no request. */
  readonly lateReplies: number;
  /** Replies that could not be stored because the requester was gone. */
  readonly lostReplies: number;
}
