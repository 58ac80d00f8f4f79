import {
  STORED,
  type Depth,
  type Drift,
  type Environment,
  type PublishResult,
  type Source,
  type Topology,
  type WireMessage,
} from "@waybill/core/transport";
import { systemEnvironment } from "@waybill/core/transport-kit";
import { DelayQueue } from "../publish/delay-queue.ts";
import { laneProblem, nameOf, queueOf, targetOf, type Entities } from "../topology/entities.ts";
import type { Entry } from "../consume/entry.ts";
import { limitFailure, refused } from "../publish/publish-failures.ts";
import type { Queue, QueueHost } from "../consume/queue.ts";
import { DEFAULT_PROFILE, type BrokerProfile } from "../topology/broker-profile.ts";
import { Topic } from "../topology/topic.ts";
import { deadLettersOf, provision } from "../topology/provision.ts";

/** A message that is stored in a queue or a topic once it is due. */
type DelayedMessage =
  | { readonly queue: Queue; readonly entry: Entry }
  | { readonly topic: Topic; readonly message: WireMessage };

/** Its `then` is the cheapest way to run a function in a microtask. */
const RESOLVED = Promise.resolve();

/** The prefix of the broker's reply addresses. */
export const REPLY_PREFIX = "memory-reply:";

/** A broker in the process. All transports of one broker share its queues and topics. */
export class MemoryBroker implements QueueHost {
  readonly environment: Environment;
  readonly profile: BrokerProfile;
  readonly entities: Entities = { queues: new Map(), topics: new Map(), deadLetters: new Map() };
  /** The receivers of replies, by address. */
  readonly inboxes: Map<string, (message: WireMessage) => void> = new Map();
  readonly #due: DelayQueue<DelayedMessage>;
  /** The queues that wait for a `pump`. */
  readonly #awake: Queue[] = [];
  readonly #blockObservers = new Set<() => void>();
  readonly #topologyObservers = new Set<() => void>();
  #isPumping = false;
  #isBlocked = false;
  #inboxCount = 0;
  #connections = 0;
  #lastDue: DelayedMessage | undefined = undefined;

  constructor(environment: Environment = systemEnvironment, profile: BrokerProfile = DEFAULT_PROFILE) {
    this.environment = environment;
    this.profile = profile;
    this.#due = new DelayQueue(environment.clock, (delayed) => this.#onDue(delayed));
  }

  /** Counts a connection. Returns a function that ends it. The broker runs no timer without connections. */
  addConnection(): () => void {
    this.#connections += 1;
    this.#due.wake();
    let isConnected = true;
    return () => {
      if (!isConnected) return;
      isConnected = false;
      this.#connections -= 1;
      if (this.#connections === 0) this.#due.sleep();
    };
  }

  /** Whether the broker refuses all messages, as a broker without memory or disk does. */
  get isBlocked(): boolean {
    return this.#isBlocked;
  }

  block(): void {
    this.#setBlocked(true);
  }

  unblock(): void {
    this.#setBlocked(false);
  }

  /** Calls `observer` after `block` and `unblock`. Returns a function that ends the calls. */
  onBlock(observer: () => void): () => void {
    this.#blockObservers.add(observer);
    return () => void this.#blockObservers.delete(observer);
  }

  provision(topology: Topology, mode: "apply" | "verify"): readonly Drift[] {
    const context = { entities: this.entities, host: this, now: this.environment.clock.now() };
    const drift = provision(context, topology, mode);
    this.#topologyChanged();
    return drift;
  }

  /** Injects a fault: an operator deletes the queue or topic of a source, with all its messages. */
  remove(source: Source): void {
    const { queues, topics, deadLetters } = this.entities;
    if (source.kind === "queue") queues.delete(source.name);
    else if (source.kind === "topic") topics.delete(source.name);
    else deadLetters.delete(source.group);
    this.#topologyChanged();
  }

  /** Calls `observer` after the topology may have changed. Returns a function that ends the calls. */
  onTopology(observer: () => void): () => void {
    this.#topologyObservers.add(observer);
    return () => void this.#topologyObservers.delete(observer);
  }

  /** Stores a message, or returns why not. @param isResend stores a duplicate even if the broker knows its id */
  store(message: WireMessage, isResend = false): PublishResult {
    const { destination, deliverAt, lane } = message;
    const now = this.environment.clock.now();
    const failure = limitFailure(message, now);
    if (failure !== undefined) return { ok: false, error: failure };
    if (destination.kind === "reply") return this.#reply(message, destination.address);
    const target = targetOf(this.entities, destination);
    if (target === undefined) return refused("unroutable", `${nameOf(destination)} does not exist.`);
    if (lane === undefined ? target.lanes !== undefined : lane >= (target.lanes ?? 0))
      return refused("unroutable", laneProblem(nameOf(destination), lane, target.lanes));
    if (this.profile.recognisesResends && !isResend && !target.deduplication.isNew(message.id, now))
      return STORED;
    const stored =
      target instanceof Topic
        ? { topic: target, message }
        : { queue: target, entry: { message, attempt: 1, position: 0 } };
    if (deliverAt !== undefined && deliverAt > now) this.#due.add(deliverAt + this.#lateness(), stored);
    else this.#append(stored, now);
    return STORED;
  }

  /** Returns the queue that a source reads; undefined if it was not provisioned. */
  queueOf(source: Source): Queue | undefined {
    return queueOf(this.entities, source);
  }

  depth(source: Source): Depth {
    const queue = this.queueOf(source);
    if (queue === undefined) return { ready: 0, unsettled: 0, delayed: 0, members: 0 };
    const delayed = this.#due.count((each) => "queue" in each && each.queue === queue);
    return { ready: queue.ready, unsettled: queue.inFlight, delayed, members: queue.members };
  }

  openInbox(onReply: (message: WireMessage) => void): string {
    const address = `${REPLY_PREFIX}${this.#inboxCount++}`;
    this.inboxes.set(address, onReply);
    return address;
  }

  afterLaneMove(run: () => void): void {
    this.environment.clock.schedule(this.profile.laneMoveMs, run);
  }

  countsRelease(): boolean {
    return this.#decide(this.profile.countsReleases);
  }

  countsLoss(): boolean {
    return this.#decide(this.profile.countsLosses);
  }

  randomBelow(end: number): number {
    return Math.floor(this.environment.random.next() * end);
  }

  wake(queue: Queue): void {
    if (!this.#awake.includes(queue)) this.#awake.push(queue);
    if (this.#isPumping) return;
    this.#isPumping = true;
    void RESOLVED.then(this.#pump);
  }

  delay(queue: Queue, entry: Entry, delayMs: number): void {
    if (delayMs <= 0) queue.append(entry);
    else this.#due.add(this.environment.clock.now() + delayMs + this.#lateness(), { queue, entry });
  }

  /**
   * Injects a fault: a member that forwards due messages dies between storing and acknowledging. The last due message is
   * stored once more. In a queue it may count as an attempt of the dead member.
   */
  duplicateLastDue(): void {
    const delayed = this.#lastDue;
    if (delayed === undefined) return;
    const copy = copyOf(delayed);
    if ("queue" in copy && this.countsLoss()) copy.entry.attempt += 1;
    this.#append(copy, this.environment.clock.now());
  }

  addDeadLetter(group: string, message: WireMessage): void {
    deadLettersOf(this.entities, group, this).append({
      message: { ...message, lane: undefined },
      attempt: 1,
      position: 0,
    });
  }

  #topologyChanged(): void {
    for (const observer of [...this.#topologyObservers]) observer();
  }

  #lateness(): number {
    const { maxLatenessMs } = this.profile;
    return maxLatenessMs === 0 ? 0 : this.randomBelow(maxLatenessMs + 1);
  }

  #decide(rule: boolean | "at times"): boolean {
    return rule === "at times" ? this.environment.random.next() < 0.5 : rule;
  }

  #setBlocked(isBlocked: boolean): void {
    this.#isBlocked = isBlocked;
    for (const observer of [...this.#blockObservers]) observer();
  }

  readonly #pump = (): void => {
    this.#isPumping = false;
    for (let queue = this.#awake.shift(); queue !== undefined; queue = this.#awake.shift()) queue.pump();
  };

  #onDue(delayed: DelayedMessage): void {
    this.#lastDue = copyOf(delayed);
    this.#append(delayed, this.environment.clock.now());
  }

  #append(stored: DelayedMessage, now: number): void {
    if ("queue" in stored) stored.queue.append(stored.entry);
    else stored.topic.store(stored.message, now);
  }

  #reply(message: WireMessage, address: string): PublishResult {
    if (!this.inboxes.has(address))
      return refused(
        "unroutable",
        `No process waits at the reply address ${JSON.stringify(address.slice(0, 100))}.`,
      );
    void RESOLVED.then(() => this.inboxes.get(address)?.(message));
    return STORED;
  }
}

/** Returns a copy whose attempt number can change. */
function copyOf(delayed: DelayedMessage): DelayedMessage {
  return "queue" in delayed ? { ...delayed, entry: { ...delayed.entry } } : delayed;
}
