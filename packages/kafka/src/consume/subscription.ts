import { AFTER_A_FAULT, type Settlement, type Subscription } from "@waybill/core/transport";
import { withDeadline } from "@waybill/core/transport-kit";
import { Committer } from "./committer.ts";
import { KafkaDelivery } from "./delivery.ts";
import { provisioningError } from "../errors.ts";
import { leaveGroup } from "./leave-group.ts";
import { SpillOver } from "./forward/spill-over.ts";
import { AssignedPartitions } from "./assigned-partitions.ts";
import { Delays } from "./forward/delays.ts";
import { GroupMember } from "../lanes/group-member.ts";
import { Forwarder } from "./forward/forwarder.ts";
import { InFlight } from "./in-flight.ts";
import type { AssignedPartition } from "./assigned-partition.ts";
import { twoOwners } from "../warnings.ts";
import { Presence } from "../topology/topic-watch.ts";
import type { SubscriptionOptions } from "./subscription-options.ts";
import { Trim } from "./trim.ts";
import { retriedHere } from "./forward/forward.ts";
import { topicsOf, type SourceTopics } from "../topology/sources.ts";
import { classesOf, partitionsIn } from "../lanes/assignable-units.ts";
import { ImmediateRetries } from "./forward/immediate-retries.ts";
import { dueOf } from "../wire/own-headers.ts";

/** How long the broker may take to answer a goodbye, where the deadline is over. */
const GOODBYE_MS = 250;
/** A member beats so often in a heartbeat of the transport: by its beats it hears of others that come and go. */
const BEATS = 3;

/** A member of a source: the window of unsettled deliveries over all its partitions, which take turns. */
export class KafkaSubscription implements Subscription {
  readonly site: SourceTopics;
  readonly topics: readonly string[];
  readonly #options: SubscriptionOptions;
  readonly #presence: Presence;
  readonly #groupMember: GroupMember;
  readonly #assigned: AssignedPartitions;
  readonly #committer: Committer;
  readonly #later: Delays | undefined;
  readonly #spillOver: SpillOver;
  readonly #trim: Trim;
  readonly #forwarder: Forwarder;
  readonly #inPlace: ImmediateRetries;
  readonly #inFlight = new InFlight();
  #window = 0;
  #turn = 0;
  #isDraining = false;
  #isGoing = false;
  #isGone = false;
  #isHolding = false;
  #goodbye: Promise<void> | undefined = undefined;

  constructor(options: SubscriptionOptions) {
    this.#options = options;
    this.site = options.site;
    this.topics = topicsOf(options.site);
    const { cluster, environment, site, heartbeatMs, tell } = options;
    this.#forwarder = new Forwarder({
      ...options,
      inFlight: this.#inFlight,
      onRest: () => {
        this.#spillOver.rest();
        this.#goSoon();
      },
      onFree: (delivery) => this.#free(delivery),
      onSettled: (partition) => this.#settled(partition),
    });
    this.#inPlace = new ImmediateRetries(environment.clock);
    this.#presence = new Presence({ ...options, clock: environment.clock });
    const countOf = (topic: string): number => cluster.countOf(topic);
    this.#groupMember = new GroupMember({
      ...options,
      groupId: site.groupId,
      topics: this.topics,
      service: options.group,
      onOther: (other) => tell(twoOwners(site.groupId, options.group, other)),
      classes: () => classesOf(site, countOf),
      partitionsOf: (unit) => partitionsIn(site, countOf, unit),
      heartbeatMs: heartbeatMs / BEATS,
      held: () => this.#assigned.claimed(),
      onAssigned: (units) => {
        this.#assigned.assign(units);
        this.#go();
      },
      onExpelled: () => this.#lose(),
      onAlive: () => this.#go(),
      onRefused: (error) => tell(provisioningError(`group ${site.groupId}`, error).message),
    });
    this.#assigned = new AssignedPartitions({
      ...options,
      groupMember: this.#groupMember,
      isGone: (topic) => this.#presence.isGone(topic),
      onLookedUp: () => this.look(),
      isPaused: () => this.#window === 0 || this.#isDraining,
      onRecords: () => this.#go(),
      onTaken: () => this.#go(),
      leave: (partition) => this.#later?.leave(partition),
      commit: () => this.#committer.flush(),
    });
    this.#committer = new Committer({
      ...options,
      groupMember: this.#groupMember,
      partitions: () => this.#assigned.all(),
      window: () => Math.max(this.#window, this.#inFlight.size) + this.#inFlight.resting,
      onCommitted: () => this.#handOut(),
    });
    this.#later =
      site.later === undefined
        ? undefined
        : new Delays({
            ...options,
            forwarding: this.#forwarder.forwarding,
            later: site.later,
            place: site.own,
            lanes: site.lanes,
            onSettled: (partition) => this.#settled(partition),
          });
    this.#trim = new Trim({
      ...options,
      clock: environment.clock,
      partitions: () => this.#assigned.all(),
    });
    this.#spillOver = new SpillOver({
      ...options,
      isStuck: () => this.#inFlight.size >= this.#window && this.#window > 0 && !this.#isDraining,
      held: () => this.#assigned.all(),
      partitions: () => countOf(site.own),
      onSettled: (partition) => this.#settled(partition),
    });
  }

  /** Resolves when this member has its place in the group. Rejects when it may not have one. */
  async open(): Promise<void> {
    this.#trim.start();
    await this.#groupMember.start();
  }

  /** Its topics were looked up: partitions may have been added, and topics deleted or created again. */
  look(): void {
    if (this.#isDraining) return;
    this.#presence.look();
    this.#assigned.follow();
    if (this.#presence.isComplete) this.#groupMember.divideAnew();
  }

  /** How many deliveries are unsettled. */
  get unsettled(): number {
    return this.#inFlight.size;
  }

  credit(window: number): void {
    this.#window = window;
    if (!this.#isDraining) this.#go();
  }

  /** The connection is lost: nobody knows whether what runs will still be ours. */
  suspend(): void {
    this.#isHolding = true;
    for (const { partition, entry } of this.#inFlight.takeBack()) {
      entry.lostDeliveries += 1;
      partition.tracker.giveBack(entry);
    }
  }

  /** The connection is back. */
  resume(): void {
    this.#isHolding = false;
    this.#groupMember.hurry();
  }

  async drain(deadline: number): Promise<void> {
    this.#isDraining = true;
    this.#spillOver.stop();
    this.#trim.stop();
    this.#assigned.rest();
    const { clock } = this.#options.environment;
    this.#inPlace.end();
    await withDeadline(clock, deadline, this.#inFlight.empty());
    this.#forwarder.end();
    for (const { partition, entry } of this.#inFlight.takeBack()) partition.tracker.giveBack(entry);
    this.#goodbye ??= leaveGroup({
      clock,
      assigned: this.#assigned,
      committer: this.#committer,
      groupMember: this.#groupMember,
      isUp: this.#options.isUp,
      isGone: () => this.#isGone,
    });
    await withDeadline(clock, Math.max(deadline, clock.now() + GOODBYE_MS), this.#goodbye);
    this.#isGone = true;
    this.#groupMember.end();
    this.#assigned.stop();
    this.#committer.stop();
  }

  /** Whatever may go on goes on. */
  #go(): void {
    if (this.#isDraining) return;
    for (const partition of this.#assigned.all())
      if (partition.isLater && !partition.isLeaving) this.#later?.take(partition);
    this.#handOut();
    this.#assigned.read();
  }

  /** Once for all that is settled in this turn of the event loop. */
  #goSoon(): void {
    if (this.#isGoing) return;
    this.#isGoing = true;
    setImmediate(() => {
      this.#isGoing = false;
      this.#go();
    });
  }

  /** Hands out what waits, partition by partition, while there is room. */
  #handOut(): void {
    if (this.#isDraining || this.#isHolding || this.#window === 0 || !this.#groupMember.isSure) return;
    const partitions = this.#assigned.open();
    let idle = 0;
    while (this.#inFlight.size < this.#window && idle < partitions.length) {
      const partition = partitions[this.#turn % partitions.length];
      this.#turn += 1;
      if (partition === undefined || !this.#next(partition)) idle += 1;
      else idle = 0;
    }
    if (this.#inFlight.size >= this.#window) this.#spillOver.watch();
  }

  /** False when a partition has nothing to hand out at the moment. */
  #next(partition: AssignedPartition): boolean {
    if (partition.tracker.waiting === 0) return false;
    if (partition.tracker.marked < this.#window + this.#inFlight.resting) {
      // Before a message is in anybody's hands the broker has to know that it may be: a crash counts as an attempt.
      this.#committer.note(partition);
      return false;
    }
    const entry = partition.tracker.take();
    if (entry === undefined) return false;
    const { environment, site } = this.#options;
    const due = dueOf(entry.record, environment.clock.now());
    if (due !== undefined && due > environment.clock.now() && site.later !== undefined) {
      this.#forwarder.delay(partition, entry, { later: site.later, due });
      return true;
    }
    this.#run(new KafkaDelivery(partition, entry, site.destination));
    return true;
  }

  #run(delivery: KafkaDelivery): void {
    this.#inFlight.add(delivery);
    const settle = (settlement: Settlement): void => {
      if (delivery.isLive) this.#settle(delivery, settlement);
    };
    // A consumer must not throw; one that does gets its message again, but neither at once nor without end.
    this.#call(delivery).then(settle, () => settle(AFTER_A_FAULT));
  }

  #call(delivery: KafkaDelivery): Promise<Settlement> {
    try {
      return this.#options.deliver(delivery);
    } catch (error) {
      return Promise.reject(error);
    }
  }

  #settle(delivery: KafkaDelivery, settlement: Settlement): void {
    const { partition, entry } = delivery;
    const { site } = this.#options;
    if (settlement.type === "ack") {
      partition.tracker.settle(entry);
    } else if (settlement.type === "release") {
      partition.tracker.giveBack(entry);
    } else if (settlement.type === "retry" && (settlement.delayMs === 0 || site.later === undefined)) {
      retriedHere(entry, settlement.headers);
      return this.#inPlace.again(delivery, () => {
        partition.tracker.giveBack(entry);
        this.#free(delivery);
      });
    } else return this.#forwarder.settle(delivery, settlement);
    this.#free(delivery);
  }

  #free(delivery: KafkaDelivery): void {
    this.#inFlight.free(delivery);
    this.#spillOver.rest();
    this.#settled(delivery.partition);
  }

  #settled(partition: AssignedPartition): void {
    if (!partition.isLost) this.#committer.note(partition);
    this.#assigned.look(partition);
    this.#inFlight.look();
    this.#goSoon();
  }

  /** The group goes on without this member. */
  #lose(): void {
    this.#inFlight.takeBack();
    this.#assigned.loseAll();
  }
}
