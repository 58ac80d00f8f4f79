import type { Clock, Random } from "@waybill/core/transport";
import type { ServerLink } from "../connection/connection.ts";
import type { PullConsumer } from "../consume/pull-consumer.ts";
import { MemberGossip } from "./member-gossip.ts";
import { lanesToken, membersSubject } from "../topology/names.ts";
import { LaneLeases } from "./lane-leases.ts";
import { CoolDown } from "./cool-down.ts";
import { ExtraLanes } from "./extra-lanes.ts";

/** The cool-down lasts this much longer than a lease, so that the messages of a dead owner are redelivered first. */
const MARGIN_MS = 100;

export interface LaneBalancerOptions {
  readonly stream: string;
  /** The common part of the names of the consumers. */
  readonly base: string;
  readonly consumers: readonly PullConsumer[];
  readonly window: () => number;
  readonly clock: Clock;
  readonly random: Random;
  readonly leaseMs: number;
}

/**
 * Spreads the lanes of a source over its members. Each member takes free lanes up to its share, and releases lanes above
 * its share once their messages are settled. A member takes a lane beyond its share if no other member does, so a lane is
 * read even if announced members do not exist. A released lane is read at once. The lane of a dead owner may have messages
 * in flight; it cools down until their leases have expired, so that they are redelivered before their successors. Before a
 * lane is read or cools down, the balancer looks up how many deliveries its consumer has made: a later delivery that does
 * not arrive was lost or went to another process.
 */
export class LaneBalancer {
  readonly #options: LaneBalancerOptions;
  readonly #gossip: MemberGossip;
  readonly #leases: LaneLeases;
  #link: ServerLink | undefined = undefined;
  #isStopped = false;
  #wantsMore = false;
  #isBalancing = false;
  readonly #releasing = new Set<PullConsumer>();
  readonly #extras: ExtraLanes;
  /** The lanes that are owned and not read yet. */
  readonly #coolDowns = new Map<PullConsumer, CoolDown>();

  constructor(options: LaneBalancerOptions) {
    this.#options = options;
    const { stream, base, consumers, clock, random, leaseMs } = options;
    const id = `${random.uint32().toString(36)}-${random.uint32().toString(36)}`;
    const lanes = lanesToken(stream, base);
    const onChange = (): void => this.#balance();
    this.#extras = new ExtraLanes(clock, leaseMs);
    this.#gossip = new MemberGossip({
      subject: membersSubject(lanes),
      id,
      clock,
      timeoutMs: leaseMs + MARGIN_MS,
      onChange,
    });
    this.#leases = new LaneLeases({
      lanes,
      id,
      clock,
      leaseMs,
      onLoss: (lane) => this.#leaseLost(consumers.find((consumer) => consumer.lane === lane)),
      onRelease: onChange,
    });
  }

  /** Joins the members of the source on a link. */
  join(link: ServerLink): void {
    if (this.#link === link) return;
    this.#link = link;
    this.#isStopped = false;
    this.#leases.open(link);
    this.#gossip.open(link);
    this.#balance();
  }

  /** Stops taking lanes. */
  stopTaking(): void {
    this.#isStopped = true;
    for (const coolDown of this.#coolDowns.values()) coolDown.cancel();
  }

  /** Releases the owned lanes. A lane that cools down is not released: its next owner takes it after a lease and lets it cool down too. */
  async leave(): Promise<void> {
    this.stopTaking();
    this.#gossip.leave();
    const read = this.#options.consumers.filter(
      (consumer) => this.#coolDowns.get(consumer)?.isNeeded !== true,
    );
    await Promise.all(read.map(({ lane }) => this.#leases.release(lane ?? 0)));
    this.#leases.close();
    this.#link = undefined;
  }

  /** Forgets the owned lanes and the members, because the link is lost. */
  lose(): void {
    this.#link = undefined;
    for (const consumer of this.#coolDowns.keys()) this.#endCoolDown(consumer);
    this.#extras.clear();
    this.#gossip.lose();
    this.#leases.lose();
  }

  /** Announces this member, renews the leases of its lanes, and balances. Called several times within a lease. */
  async renew(): Promise<void> {
    if (this.#link === undefined) return;
    this.#gossip.announce();
    await this.#leases.renew();
    this.#balance();
  }

  /**
   * Lets the handlers of a lane finish, returns its waiting messages to the server, and releases the lane. A lane that
   * cools down is released after that.
   */
  release(consumer: PullConsumer): void {
    if (this.#releasing.has(consumer)) return;
    this.#releasing.add(consumer);
    const done = (): void => {
      this.#releasing.delete(consumer);
      this.#balance();
    };
    // If the connection is lost meanwhile, no lane is owned any more.
    this.#finish(consumer).then(done, done);
  }

  /**
   * Lets a lane cool down after a delivery was lost on its way. The handlers finish the messages before it; the messages
   * behind it are read once the lease of the lost message has expired.
   */
  coolDown(lane: number | undefined): void {
    const consumer = this.#options.consumers.find((each) => each.lane === lane);
    const link = this.#link;
    if (consumer === undefined || link === undefined || this.#isStopped || this.#coolDowns.has(consumer))
      return;
    const coolDown = new CoolDown({ isNeeded: true });
    this.#coolDowns.set(consumer, coolDown);
    void Promise.all([consumer.allSettled(), consumer.withdraw()]).then(() => {
      // If the lane was lost meanwhile, the cool-down is cancelled already.
      if (this.#coolDowns.get(consumer) !== coolDown) return;
      consumer.lose({ hasLease: false });
      this.#readAfter(coolDown, link, consumer);
    });
  }

  async #finish(consumer: PullConsumer): Promise<void> {
    const link = this.#link;
    await this.#coolDowns.get(consumer)?.over;
    await consumer.stop();
    await consumer.handlersDone();
    if (this.#link !== link || this.#isStopped) return;
    await consumer.close();
    await this.#coolDowns.get(consumer)?.over; // the last deliveries may have shown a gap
    await this.#leases.release(consumer.lane ?? 0);
  }

  /** Runs one round at a time. A change during a round starts another one. */
  #balance(): void {
    this.#wantsMore = true;
    if (!this.#isBalancing) void this.#rounds();
  }

  async #rounds(): Promise<void> {
    this.#isBalancing = true;
    while (this.#wantsMore) {
      this.#wantsMore = false;
      // A failed round is repeated at the next renewal.
      await this.#round().catch(() => undefined);
    }
    this.#isBalancing = false;
  }

  /** The owned lanes that are not being released. */
  get #owned(): readonly PullConsumer[] {
    return this.#options.consumers.filter(
      (consumer) => this.#leases.owns(consumer.lane ?? 0) && !this.#releasing.has(consumer),
    );
  }

  async #round(): Promise<void> {
    const { consumers } = this.#options;
    const link = this.#link;
    if (link === undefined || this.#isStopped) return;
    const share = Math.ceil(consumers.length / this.#gossip.count);
    for (const consumer of this.#ownShare.slice(share)) this.release(consumer);
    for (const consumer of consumers) {
      if (this.#link !== link) return;
      // This member also receives its own release. It must not take the lane again, for the lane is above its share.
      if (this.#releasing.has(consumer)) continue;
      const isExtra = this.#ownShare.length >= share;
      if (isExtra && !this.#leases.isUnowned(consumer.lane ?? 0)) continue;
      const taken = await this.#leases.take(consumer.lane ?? 0);
      if (taken === undefined) continue;
      if (isExtra) this.#extras.add(consumer);
      this.#readLater(link, consumer, { isNeeded: taken === "abandoned" });
    }
  }

  /** The owned lanes that count towards the share. */
  get #ownShare(): readonly PullConsumer[] {
    return this.#owned.filter((consumer) => !this.#extras.has(consumer));
  }

  #readLater(link: ServerLink, consumer: PullConsumer, { isNeeded }: { readonly isNeeded: boolean }): void {
    const coolDown = new CoolDown({ isNeeded });
    this.#endCoolDown(consumer);
    this.#coolDowns.set(consumer, coolDown);
    this.#readAfter(coolDown, link, consumer);
  }

  /** Reads a lane after its cool-down. A lost connection ends the cool-down; the next connection starts another one. */
  #readAfter(coolDown: CoolDown, link: ServerLink, consumer: PullConsumer): void {
    this.#read(coolDown, link, consumer).catch(() => undefined);
  }

  async #read(coolDown: CoolDown, link: ServerLink, consumer: PullConsumer): Promise<void> {
    const { clock, leaseMs, window } = this.#options;
    const progress = await consumer.progress(link).catch(() => undefined);
    if (progress !== undefined && (progress.isIdle || !coolDown.isNeeded)) coolDown.skip();
    else coolDown.start(leaseMs + MARGIN_MS, clock);
    if (!(await coolDown.over)) return;
    this.#coolDowns.delete(consumer);
    if (this.#link !== link || this.#isStopped || this.#releasing.has(consumer)) return;
    if (!this.#leases.owns(consumer.lane ?? 0)) return;
    if (progress === undefined) this.#readLater(link, consumer, coolDown);
    else consumer.open(link, window(), progress.delivered);
  }

  /** Cancels the cool-down of a lane, so that the lane is not read. */
  #endCoolDown(consumer: PullConsumer): void {
    this.#coolDowns.get(consumer)?.cancel();
    this.#coolDowns.delete(consumer);
  }

  #leaseLost(consumer: PullConsumer | undefined): void {
    if (consumer === undefined) return;
    this.#endCoolDown(consumer);
    consumer.lose({ hasLease: false });
  }
}
