import type { Clock, Random } from "@waybill/core/transport";
import type { ServerLink } from "../connection/connection.ts";
import type { PullConsumer } from "../consume/pull-consumer.ts";
import { MemberGossip } from "./member-gossip.ts";
import { lanesWord, membersSubject } from "../topology/names.ts";
import { LaneLeases } from "./lane-leases.ts";
import { CoolDown } from "./cool-down.ts";

/**
 * A lane beyond our share that nobody else took is kept for so many leases, and twice as long each time. Who has the right to
 * it may have been slow; or somebody has announced members that are none.
 */
const EXTRA_LEASES = { first: 5, longest: 60 } as const;

interface Extra {
  readonly until: number;
  readonly leases: number;
}

/** How long a lane of an owner that vanished rests after its messages' leases have run out: then they come first. */
const MARGIN_MS = 100;

export interface LaneBalancerOptions {
  readonly stream: string;
  readonly base: string;
  readonly consumers: readonly PullConsumer[];
  readonly window: () => number;
  readonly clock: Clock;
  readonly random: Random;
  readonly leaseMs: number;
}

/**
 * How lanes spread over the members of a source: each takes what is free up to its share, and finishes and frees what it
 * has above. A lane that others leave without an owner is taken beyond the share: a lane is never unread because members announce
 * themselves that take none. A lane that an owner has let go of can be read at once; one whose owner is lost may have messages out, and
 * is read when their leases have run out, so that they come again before what waits behind them. Before a lane is read, and
 * before it rests, its deliveries are counted: what is made from then on and does not come was lost, or went to somebody else.
 */
export class LaneBalancer {
  readonly #options: LaneBalancerOptions;
  readonly #members: MemberGossip;
  readonly #ownership: LaneLeases;
  #link: ServerLink | undefined = undefined;
  #isHolding = false;
  #wantsMore = false;
  #isBalancing = false;
  readonly #leaving = new Set<PullConsumer>();
  /** Lanes that were taken beyond our share because nobody else did. */
  readonly #extras = new Map<PullConsumer, Extra>();
  /** Lanes not to be read yet: those of lost owners may have messages out, and are not let go of as if they could be read. */
  readonly #resting = new Map<PullConsumer, CoolDown>();

  constructor(options: LaneBalancerOptions) {
    this.#options = options;
    const { stream, base, consumers, clock, random, leaseMs } = options;
    const id = `${random.uint32().toString(36)}-${random.uint32().toString(36)}`;
    const lanes = lanesWord(stream, base);
    const onChange = (): void => this.#balance();
    this.#members = new MemberGossip({
      subject: membersSubject(lanes),
      id,
      clock,
      patienceMs: leaseMs + MARGIN_MS,
      onChange,
    });
    this.#ownership = new LaneLeases({
      lanes,
      id,
      clock,
      leaseMs,
      onLoss: (lane) => this.#lose(consumers.find((consumer) => consumer.lane === lane)),
      onFree: onChange,
    });
  }

  join(link: ServerLink): void {
    if (this.#link === link) return;
    this.#link = link;
    this.#isHolding = false;
    this.#ownership.open(link);
    this.#members.open(link);
    this.#balance();
  }

  /** Takes nothing more. */
  hold(): void {
    this.#isHolding = true;
    for (const rest of this.#resting.values()) rest.callOff();
  }

  /** Frees what is ours. A lane at rest is left as it was found: who takes it after a lease lets it rest too. */
  async leave(): Promise<void> {
    this.hold();
    this.#members.leave();
    const read = this.#options.consumers.filter((consumer) => this.#resting.get(consumer)?.isNeeded !== true);
    await Promise.all(read.map(({ lane }) => this.#ownership.free(lane ?? 0)));
    this.#ownership.close();
    this.#link = undefined;
  }

  lose(): void {
    this.#link = undefined;
    for (const consumer of this.#resting.keys()) this.#wake(consumer);
    this.#extras.clear();
    this.#members.lose();
    this.#ownership.lose();
  }

  async renew(): Promise<void> {
    if (this.#link === undefined) return;
    this.#members.tell();
    await this.#ownership.renew();
    this.#balance();
  }

  /**
   * Finishes what is out of a lane, gives back what waits and frees it: for another member, or to be taken anew. A lane at
   * rest is freed when it can be read.
   */
  letGo(consumer: PullConsumer): void {
    if (this.#leaving.has(consumer)) return;
    this.#leaving.add(consumer);
    const over = (): void => {
      this.#leaving.delete(consumer);
      this.#balance();
    };
    // Where the connection goes meanwhile, nothing is ours any more.
    this.#finish(consumer).then(over, over);
  }

  /**
   * Something of a lane got lost on its way to us: what came before it is finished, and what comes after it is read when the
   * lease of what is lost has run out.
   */
  rest(lane: number | undefined): void {
    const consumer = this.#options.consumers.find((one) => one.lane === lane);
    const link = this.#link;
    if (consumer === undefined || link === undefined || this.#isHolding || this.#resting.has(consumer))
      return;
    const rest = new CoolDown({ isNeeded: true });
    this.#resting.set(consumer, rest);
    void consumer.done().then(() => {
      // Called off, it was lost altogether meanwhile.
      if (this.#resting.get(consumer) !== rest) return;
      consumer.lose({ isHeld: false });
      this.#readAfter(rest, link, consumer);
    });
  }

  async #finish(consumer: PullConsumer): Promise<void> {
    const link = this.#link;
    await this.#resting.get(consumer)?.over;
    await consumer.stop();
    await consumer.empty();
    if (this.#link !== link || this.#isHolding) return;
    await consumer.close();
    await this.#resting.get(consumer)?.over; // something may have been found missing at the last moment
    await this.#ownership.free(consumer.lane ?? 0);
  }

  /** One round at a time; what happens meanwhile asks for another. */
  #balance(): void {
    this.#wantsMore = true;
    if (!this.#isBalancing) void this.#rounds();
  }

  async #rounds(): Promise<void> {
    this.#isBalancing = true;
    while (this.#wantsMore) {
      this.#wantsMore = false;
      // What is not answered is asked again at the next renewal.
      await this.#round().catch(() => undefined);
    }
    this.#isBalancing = false;
  }

  /** Ours, and to stay so. */
  get #kept(): readonly PullConsumer[] {
    return this.#options.consumers.filter(
      (consumer) => this.#ownership.owns(consumer.lane ?? 0) && !this.#leaving.has(consumer),
    );
  }

  async #round(): Promise<void> {
    const { consumers } = this.#options;
    const link = this.#link;
    if (link === undefined || this.#isHolding) return;
    const share = Math.ceil(consumers.length / this.#members.count);
    for (const consumer of this.#shared.slice(share)) this.letGo(consumer);
    for (const consumer of consumers) {
      if (this.#link !== link) return;
      // Our own word that it is free is heard too: taken at that, it would be above the share and be freed again at once.
      if (this.#leaving.has(consumer)) continue;
      const isExtra = this.#shared.length >= share;
      if (isExtra && !this.#ownership.isLeft(consumer.lane ?? 0)) continue;
      const taken = await this.#ownership.take(consumer.lane ?? 0);
      if (taken === undefined) continue;
      if (isExtra) this.#keepExtra(consumer);
      this.#readLater(link, consumer, { isNeeded: taken === "abandoned" });
    }
  }

  /** Ours, and to stay so while our share is as large. */
  get #shared(): readonly PullConsumer[] {
    const now = this.#options.clock.now();
    return this.#kept.filter((consumer) => (this.#extras.get(consumer)?.until ?? 0) <= now);
  }

  #keepExtra(consumer: PullConsumer): void {
    const { clock, leaseMs } = this.#options;
    const { first, longest } = EXTRA_LEASES;
    const before = this.#extras.get(consumer);
    const isAgain = before !== undefined && clock.now() - before.until < 5 * leaseMs;
    const leases = isAgain ? Math.min(2 * before.leases, longest) : first;
    this.#extras.set(consumer, { until: clock.now() + leases * leaseMs, leases });
  }

  #readLater(link: ServerLink, consumer: PullConsumer, { isNeeded }: { readonly isNeeded: boolean }): void {
    const rest = new CoolDown({ isNeeded });
    this.#wake(consumer);
    this.#resting.set(consumer, rest);
    this.#readAfter(rest, link, consumer);
  }

  /** A connection that goes meanwhile ends it: the next one begins anew. */
  #readAfter(rest: CoolDown, link: ServerLink, consumer: PullConsumer): void {
    this.#read(rest, link, consumer).catch(() => undefined);
  }

  async #read(rest: CoolDown, link: ServerLink, consumer: PullConsumer): Promise<void> {
    const { clock, leaseMs, window } = this.#options;
    const count = await consumer.counted(link).catch(() => undefined);
    if (count !== undefined && (count.isIdle || !rest.isNeeded)) rest.skip();
    else rest.last(leaseMs + MARGIN_MS, clock);
    if (!(await rest.over)) return;
    this.#resting.delete(consumer);
    if (this.#link !== link || this.#isHolding || this.#leaving.has(consumer)) return;
    if (!this.#ownership.owns(consumer.lane ?? 0)) return;
    if (count === undefined) this.#readLater(link, consumer, rest);
    else consumer.open(link, window(), count.delivered);
  }

  /** It rests no more, and is not read. */
  #wake(consumer: PullConsumer): void {
    this.#resting.get(consumer)?.callOff();
    this.#resting.delete(consumer);
  }

  #lose(consumer: PullConsumer | undefined): void {
    if (consumer === undefined) return;
    this.#wake(consumer);
    consumer.lose({ isHeld: false });
  }
}
