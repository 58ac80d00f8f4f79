import { AFTER_A_FAULT, within, type Settlement, type Subscription } from "@waybill/core/transport";
import { Committer } from "./committer.ts";
import { KafkaDelivery } from "./delivery.ts";
import { provisioningError } from "./errors.ts";
import { sayGoodbye } from "./goodbye.ts";
import { HandOn } from "./hand-on.ts";
import { Holdings } from "./holdings.ts";
import { Later } from "./later.ts";
import { Membership } from "./membership.ts";
import { Movements } from "./movements.ts";
import { Outstanding } from "./outstanding.ts";
import type { Partition } from "./partition.ts";
import { twoOwners } from "./notices.ts";
import { Presence } from "./presence.ts";
import type { SubscriptionOptions } from "./subscription-options.ts";
import { Purge } from "./purge.ts";
import { retriedHere } from "./settlement.ts";
import { topicsOf, type Site } from "./sources.ts";
import { classesOf, partitionsIn } from "./units.ts";
import { InPlace } from "./in-place.ts";
import { dueOf } from "./own-values.ts";

/** How long the broker may take to answer a goodbye, where the deadline is over. */
const GOODBYE_MS = 250;
/** A member beats so often in a heartbeat of the transport: by its beats it hears of others that come and go. */
const BEATS = 3;

/** A member of a source: the window of unsettled deliveries over all its partitions, which take turns. */
export class KafkaSubscription implements Subscription {
  readonly site: Site;
  /** All topics that it reads. */
  readonly topics: readonly string[];
  readonly #options: SubscriptionOptions;
  readonly #presence: Presence;
  readonly #membership: Membership;
  readonly #holdings: Holdings;
  readonly #committer: Committer;
  readonly #later: Later | undefined;
  readonly #handOn: HandOn;
  readonly #purge: Purge;
  readonly #movements: Movements;
  readonly #inPlace: InPlace;
  readonly #outstanding = new Outstanding();
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
    const { cluster, ground, site, heartbeatMs, tell } = options;
    this.#movements = new Movements({
      ...options,
      outstanding: this.#outstanding,
      onRest: () => {
        this.#handOn.rest();
        this.#goSoon();
      },
      onFree: (delivery) => this.#free(delivery),
      onSettled: (partition) => this.#settled(partition),
    });
    this.#inPlace = new InPlace(ground.clock);
    this.#presence = new Presence({ ...options, clock: ground.clock });
    const countOf = (topic: string): number => cluster.countOf(topic);
    this.#membership = new Membership({
      ...options,
      groupId: site.groupId,
      topics: this.topics,
      service: options.group,
      onOther: (other) => tell(twoOwners(site.groupId, options.group, other)),
      classes: () => classesOf(site, countOf),
      partitionsOf: (unit) => partitionsIn(site, countOf, unit),
      heartbeatMs: heartbeatMs / BEATS,
      held: () => this.#holdings.claimed(),
      onAssigned: (units) => {
        this.#holdings.assign(units);
        this.#go();
      },
      onExpelled: () => this.#lose(),
      onAlive: () => this.#go(),
      onRefused: (error) => tell(provisioningError(`group ${site.groupId}`, error).message),
    });
    this.#holdings = new Holdings({
      ...options,
      membership: this.#membership,
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
      membership: this.#membership,
      partitions: () => this.#holdings.all(),
      window: () => Math.max(this.#window, this.#outstanding.size) + this.#outstanding.resting,
      onCommitted: () => this.#handOut(),
    });
    this.#later =
      site.later === undefined
        ? undefined
        : new Later({
            ...options,
            forwarding: this.#movements.forwarding,
            later: site.later,
            place: site.own,
            lanes: site.lanes,
            onSettled: (partition) => this.#settled(partition),
          });
    this.#purge = new Purge({
      ...options,
      clock: ground.clock,
      partitions: () => this.#holdings.all(),
    });
    this.#handOn = new HandOn({
      ...options,
      isStuck: () => this.#outstanding.size >= this.#window && this.#window > 0 && !this.#isDraining,
      held: () => this.#holdings.all(),
      partitions: () => countOf(site.own),
      onSettled: (partition) => this.#settled(partition),
    });
  }

  /** Resolves when this member has its place in the group. Rejects when it may not have one. */
  async open(): Promise<void> {
    this.#purge.start();
    await this.#membership.start();
  }

  /** Its topics were looked up: partitions may have been added, and topics deleted or created again. */
  look(): void {
    if (this.#isDraining) return;
    this.#presence.look();
    this.#holdings.follow();
    if (this.#presence.isComplete) this.#membership.divideAnew();
  }

  /** How many deliveries are unsettled. */
  get unsettled(): number {
    return this.#outstanding.size;
  }

  credit(window: number): void {
    this.#window = window;
    if (!this.#isDraining) this.#go();
  }

  /** The connection is lost: nobody knows whether what runs will still be ours. */
  suspend(): void {
    this.#isHolding = true;
    for (const { partition, entry } of this.#outstanding.takeBack()) {
      entry.vain += 1;
      partition.ledger.giveBack(entry);
    }
  }

  /** The connection is back. */
  resume(): void {
    this.#isHolding = false;
    this.#membership.hurry();
  }

  async drain(deadline: number): Promise<void> {
    this.#isDraining = true;
    this.#handOn.stop();
    this.#purge.stop();
    this.#holdings.rest();
    const { clock } = this.#options.ground;
    this.#inPlace.end();
    await within(clock, deadline - clock.now(), this.#outstanding.empty());
    this.#movements.end();
    for (const { partition, entry } of this.#outstanding.takeBack()) partition.ledger.giveBack(entry);
    this.#goodbye ??= sayGoodbye({
      clock,
      holdings: this.#holdings,
      committer: this.#committer,
      membership: this.#membership,
      isUp: this.#options.isUp,
      isGone: () => this.#isGone,
    });
    await within(clock, Math.max(GOODBYE_MS, deadline - clock.now()), this.#goodbye);
    this.#isGone = true;
    this.#membership.end();
    this.#holdings.stop();
    this.#committer.stop();
  }

  /** Whatever may go on goes on. */
  #go(): void {
    if (this.#isDraining) return;
    for (const partition of this.#holdings.all())
      if (partition.isLater && !partition.isLeaving) this.#later?.take(partition);
    this.#handOut();
    this.#holdings.read();
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
    if (this.#isDraining || this.#isHolding || this.#window === 0 || !this.#membership.isSure) return;
    const partitions = this.#holdings.open();
    let idle = 0;
    while (this.#outstanding.size < this.#window && idle < partitions.length) {
      const partition = partitions[this.#turn % partitions.length];
      this.#turn += 1;
      if (partition === undefined || !this.#next(partition)) idle += 1;
      else idle = 0;
    }
    if (this.#outstanding.size >= this.#window) this.#handOn.watch();
  }

  /** False when a partition has nothing to hand out at the moment. */
  #next(partition: Partition): boolean {
    if (partition.ledger.waiting === 0) return false;
    if (partition.ledger.marked < this.#window + this.#outstanding.resting) {
      // Before a message is in anybody's hands the broker has to know that it may be: a crash counts as an attempt.
      this.#committer.note(partition);
      return false;
    }
    const entry = partition.ledger.take();
    if (entry === undefined) return false;
    const { ground, site } = this.#options;
    const due = dueOf(entry.record, ground.clock.now());
    if (due !== undefined && due > ground.clock.now() && site.later !== undefined) {
      this.#movements.delay(partition, entry, { later: site.later, due });
      return true;
    }
    this.#run(new KafkaDelivery(partition, entry, site.destination));
    return true;
  }

  #run(delivery: KafkaDelivery): void {
    this.#outstanding.add(delivery);
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
      partition.ledger.settle(entry);
    } else if (settlement.type === "release") {
      partition.ledger.giveBack(entry);
    } else if (settlement.type === "retry" && (settlement.delayMs === 0 || site.later === undefined)) {
      retriedHere(entry, settlement.headers);
      return this.#inPlace.again(delivery, () => {
        partition.ledger.giveBack(entry);
        this.#free(delivery);
      });
    } else return this.#movements.settle(delivery, settlement);
    this.#free(delivery);
  }

  #free(delivery: KafkaDelivery): void {
    this.#outstanding.free(delivery);
    this.#handOn.rest();
    this.#settled(delivery.partition);
  }

  #settled(partition: Partition): void {
    if (!partition.isLost) this.#committer.note(partition);
    this.#holdings.look(partition);
    this.#outstanding.look();
    this.#goSoon();
  }

  /** The group goes on without this member. */
  #lose(): void {
    this.#outstanding.takeBack();
    this.#holdings.loseAll();
  }
}
