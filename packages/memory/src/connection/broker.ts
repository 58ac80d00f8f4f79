import {
  STORED,
  type Depth,
  type Destination,
  type Environment,
  type PublishResult,
  type Source,
  type Topology,
  type Drift,
  type WireMessage,
} from "@waybill/core/transport";
import { systemEnvironment } from "@waybill/core/transport-kit";
import { DueQueue } from "../publish/delay-queue.ts";
import { excessOf } from "../publish/limits.ts";
import type { Entities } from "../topology/entities.ts";
import type { Entry } from "../consume/entry.ts";
import { refused } from "../publish/publish-failures.ts";
import type { Queue, QueueHost } from "../consume/queue.ts";
import { BEST_SHAPE, type BrokerShape } from "../topology/broker-profile.ts";
import { Topic } from "../topology/topic.ts";
import { deadLettersOf, provision } from "../topology/provision.ts";

/** Where a message is to be stored once it is due. */
type Place =
  | { readonly queue: Queue; readonly entry: Entry }
  | { readonly topic: Topic; readonly message: WireMessage };

/** For what comes after the present work: of all ways to wait for that the one that costs least. */
const SOON = Promise.resolve();

type StoredDestination = Exclude<Destination, { readonly kind: "reply" }>;

/** What its reply addresses begin with. */
export const REPLY_PREFIX = "memory-reply:";

/** A broker in the process: every transport made with it speaks to the same queues and topics. */
export class MemoryBroker implements QueueHost {
  readonly environment: Environment;
  readonly shape: BrokerShape;
  readonly entities: Entities = { queues: new Map(), topics: new Map(), deadLetters: new Map() };
  /** Where replies go, by address. */
  readonly inboxes: Map<string, (message: WireMessage) => void> = new Map();
  readonly #due: DueQueue<Place>;
  readonly #awake: Queue[] = [];
  readonly #blockListeners = new Set<() => void>();
  readonly #topologyListeners = new Set<() => void>();
  #isPumping = false;
  #isBlocked = false;
  #inboxCount = 0;
  #connections = 0;
  #lastDue: Place | undefined = undefined;

  constructor(environment: Environment = systemEnvironment, shape: BrokerShape = BEST_SHAPE) {
    this.environment = environment;
    this.shape = shape;
    this.#due = new DueQueue(environment.clock, (place) => this.#comeDue(place));
  }

  /** A transport has connected. Returns what ends that; without any, no timer runs. */
  enter(): () => void {
    this.#connections += 1;
    this.#due.wake();
    let isIn = true;
    return () => {
      if (!isIn) return;
      isIn = false;
      this.#connections -= 1;
      if (this.#connections === 0) this.#due.sleep();
    };
  }

  /** Whether it refuses to store anything, as a broker out of memory or disk does. */
  get isBlocked(): boolean {
    return this.#isBlocked;
  }

  block(): void {
    this.#setBlocked(true);
  }

  unblock(): void {
    this.#setBlocked(false);
  }

  /** Returns what ends it. */
  onBlock(listener: () => void): () => void {
    this.#blockListeners.add(listener);
    return () => void this.#blockListeners.delete(listener);
  }

  provision(topology: Topology, mode: "apply" | "verify"): readonly Drift[] {
    const site = { entities: this.entities, host: this, now: this.environment.clock.now() };
    const drift = provision(site, topology, mode);
    this.#topologyChanged();
    return drift;
  }

  /** A fault: somebody deletes what a source reads from, with all that waits there. */
  remove(source: Source): void {
    const { queues, topics, deadLetters } = this.entities;
    if (source.kind === "queue") queues.delete(source.name);
    else if (source.kind === "topic") topics.delete(source.name);
    else deadLetters.delete(source.group);
    this.#topologyChanged();
  }

  /** Calls `listener` after something may have been created or deleted. Returns what ends it. */
  onTopology(listener: () => void): () => void {
    this.#topologyListeners.add(listener);
    return () => void this.#topologyListeners.delete(listener);
  }

  /** @param isResend it came twice although its publisher sent it once: stored again, whatever its id */
  store(message: WireMessage, isResend = false): PublishResult {
    const { destination, deliverAt, lane } = message;
    const now = this.environment.clock.now();
    const excess = excessOf(message, now);
    if (excess !== undefined) return { ok: false, error: excess };
    if (destination.kind === "reply") return this.#reply(message, destination.address);
    const target = this.#targetOf(destination);
    if (target === undefined) return refused("unroutable", `${nameOf(destination)} does not exist.`);
    if (lane === undefined ? target.lanes !== undefined : lane >= (target.lanes ?? 0))
      return refused(
        "unroutable",
        `${nameOf(destination)} has no lane ${lane ?? "without a number"}, it has ${target.lanes ?? "none"}.`,
      );
    if (this.shape.recognisesResends && !isResend && !target.dedup.isNew(message.id, now)) return STORED;
    const place =
      target instanceof Topic
        ? { topic: target, message }
        : { queue: target, entry: { message, attempt: 1, position: 0 } };
    if (deliverAt !== undefined && deliverAt > now) this.#due.add(deliverAt + this.#lateness(), place);
    else this.#arrive(place, now);
    return STORED;
  }

  /** The queue that a source reads, if it was provisioned. */
  queueOf(source: Source): Queue | undefined {
    switch (source.kind) {
      case "queue":
        return this.entities.queues.get(source.name);
      case "topic":
        return this.entities.topics.get(source.name)?.groups.get(source.group);
      case "dead-letters":
        return this.entities.deadLetters.get(source.group);
    }
  }

  depth(source: Source): Depth {
    const queue = this.queueOf(source);
    if (queue === undefined) return { ready: 0, unsettled: 0, delayed: 0, members: 0 };
    const delayed = this.#due.count((place) => "queue" in place && place.queue === queue);
    return { ready: queue.ready, unsettled: queue.held, delayed, members: queue.members };
  }

  openInbox(onReply: (message: WireMessage) => void): string {
    const address = `${REPLY_PREFIX}${this.#inboxCount++}`;
    this.inboxes.set(address, onReply);
    return address;
  }

  whenLanesMove(run: () => void): void {
    this.environment.clock.schedule(this.shape.laneMoveMs, run);
  }

  countsRelease(): boolean {
    return this.#isSo(this.shape.countsReleases);
  }

  countsLoss(): boolean {
    return this.#isSo(this.shape.countsLosses);
  }

  below(end: number): number {
    return Math.floor(this.environment.random.next() * end);
  }

  wake(queue: Queue): void {
    if (!this.#awake.includes(queue)) this.#awake.push(queue);
    if (this.#isPumping) return;
    this.#isPumping = true;
    void SOON.then(this.#pump);
  }

  later(queue: Queue, entry: Entry, delayMs: number): void {
    if (delayMs <= 0) queue.append(entry);
    else this.#due.add(this.environment.clock.now() + delayMs + this.#lateness(), { queue, entry });
  }

  /**
   * A fault: who moves messages on when they are due dies between the two steps of that. The one that came due last is
   * there once more; where it was moved to a queue, it may count as lost with whoever died.
   */
  moveAgain(): void {
    const place = this.#lastDue;
    if (place === undefined) return;
    const lost = "queue" in place ? { ...place, entry: { ...place.entry } } : place;
    if ("queue" in lost && this.countsLoss()) lost.entry.attempt += 1;
    this.#arrive(lost, this.environment.clock.now());
  }

  bury(group: string, message: WireMessage): void {
    deadLettersOf(this.entities, group, this).append({
      message: { ...message, lane: undefined },
      attempt: 1,
      position: 0,
    });
  }

  #topologyChanged(): void {
    for (const listener of [...this.#topologyListeners]) listener();
  }

  #lateness(): number {
    const { dueLateMs } = this.shape;
    return dueLateMs === 0 ? 0 : this.below(dueLateMs + 1);
  }

  #isSo(rule: boolean | "at times"): boolean {
    return rule === "at times" ? this.environment.random.next() < 0.5 : rule;
  }

  #setBlocked(isBlocked: boolean): void {
    this.#isBlocked = isBlocked;
    for (const listener of [...this.#blockListeners]) listener();
  }

  readonly #pump = (): void => {
    this.#isPumping = false;
    for (let queue = this.#awake.shift(); queue !== undefined; queue = this.#awake.shift()) queue.pump();
  };

  #targetOf(destination: StoredDestination): Queue | Topic | undefined {
    const { queues, topics } = this.entities;
    switch (destination.kind) {
      case "queue":
        return queues.get(destination.name);
      case "topic":
        return topics.get(destination.name);
      case "group":
        return topics.get(destination.topic)?.groups.get(destination.group);
    }
  }

  #comeDue(place: Place): void {
    this.#lastDue = "queue" in place ? { ...place, entry: { ...place.entry } } : place;
    this.#arrive(place, this.environment.clock.now());
  }

  #arrive(place: Place, now: number): void {
    if ("queue" in place) place.queue.append(place.entry);
    else place.topic.store(place.message, now);
  }

  #reply(message: WireMessage, address: string): PublishResult {
    if (!this.inboxes.has(address))
      return refused(
        "unroutable",
        `nobody waits at the reply address ${JSON.stringify(address.slice(0, 100))}.`,
      );
    void SOON.then(() => this.inboxes.get(address)?.(message));
    return STORED;
  }
}

function nameOf(destination: StoredDestination): string {
  return destination.kind === "group"
    ? `group ${destination.group} of topic ${destination.topic}`
    : `${destination.kind} ${destination.name}`;
}
