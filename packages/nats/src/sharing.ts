import type { Clock, Random } from "@waybill/core/transport";
import type { Link } from "./connection.ts";
import type { Inlet } from "./inlet.ts";
import { Members } from "./members.ts";
import { lanesWord, membersSubject } from "./names.ts";
import { Ownership } from "./ownership.ts";
import { Rest } from "./rest.ts";

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

export interface SharingOptions {
  readonly stream: string;
  readonly base: string;
  readonly inlets: readonly Inlet[];
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
export class Sharing {
  readonly #options: SharingOptions;
  readonly #members: Members;
  readonly #ownership: Ownership;
  #link: Link | undefined = undefined;
  #isHolding = false;
  #wantsMore = false;
  #isBalancing = false;
  readonly #leaving = new Set<Inlet>();
  /** Lanes that were taken beyond our share because nobody else did. */
  readonly #extras = new Map<Inlet, Extra>();
  /** Lanes not to be read yet: those of lost owners may have messages out, and are not let go of as if they could be read. */
  readonly #resting = new Map<Inlet, Rest>();

  constructor(options: SharingOptions) {
    this.#options = options;
    const { stream, base, inlets, clock, random, leaseMs } = options;
    const id = `${random.uint32().toString(36)}-${random.uint32().toString(36)}`;
    const lanes = lanesWord(stream, base);
    const onChange = (): void => this.#balance();
    this.#members = new Members({
      subject: membersSubject(lanes),
      id,
      clock,
      patienceMs: leaseMs + MARGIN_MS,
      onChange,
    });
    this.#ownership = new Ownership({
      lanes,
      id,
      clock,
      leaseMs,
      onLoss: (lane) => this.#lose(inlets.find((inlet) => inlet.lane === lane)),
      onFree: onChange,
    });
  }

  join(link: Link): void {
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
    const read = this.#options.inlets.filter((inlet) => this.#resting.get(inlet)?.isNeeded !== true);
    await Promise.all(read.map(({ lane }) => this.#ownership.free(lane ?? 0)));
    this.#ownership.close();
    this.#link = undefined;
  }

  lose(): void {
    this.#link = undefined;
    for (const inlet of this.#resting.keys()) this.#wake(inlet);
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
  letGo(inlet: Inlet): void {
    if (this.#leaving.has(inlet)) return;
    this.#leaving.add(inlet);
    const over = (): void => {
      this.#leaving.delete(inlet);
      this.#balance();
    };
    // Where the connection goes meanwhile, nothing is ours any more.
    this.#finish(inlet).then(over, over);
  }

  /**
   * Something of a lane got lost on its way to us: what came before it is finished, and what comes after it is read when the
   * lease of what is lost has run out.
   */
  rest(lane: number | undefined): void {
    const inlet = this.#options.inlets.find((one) => one.lane === lane);
    const link = this.#link;
    if (inlet === undefined || link === undefined || this.#isHolding || this.#resting.has(inlet)) return;
    const rest = new Rest({ isNeeded: true });
    this.#resting.set(inlet, rest);
    void inlet.done().then(() => {
      // Called off, it was lost altogether meanwhile.
      if (this.#resting.get(inlet) !== rest) return;
      inlet.lose({ isHeld: false });
      this.#readAfter(rest, link, inlet);
    });
  }

  async #finish(inlet: Inlet): Promise<void> {
    const link = this.#link;
    await this.#resting.get(inlet)?.over;
    await inlet.stop();
    await inlet.empty();
    if (this.#link !== link || this.#isHolding) return;
    await inlet.close();
    await this.#resting.get(inlet)?.over; // something may have been found missing at the last moment
    await this.#ownership.free(inlet.lane ?? 0);
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
  get #kept(): readonly Inlet[] {
    return this.#options.inlets.filter(
      (inlet) => this.#ownership.owns(inlet.lane ?? 0) && !this.#leaving.has(inlet),
    );
  }

  async #round(): Promise<void> {
    const { inlets } = this.#options;
    const link = this.#link;
    if (link === undefined || this.#isHolding) return;
    const share = Math.ceil(inlets.length / this.#members.count);
    for (const inlet of this.#shared.slice(share)) this.letGo(inlet);
    for (const inlet of inlets) {
      if (this.#link !== link) return;
      // Our own word that it is free is heard too: taken at that, it would be above the share and be freed again at once.
      if (this.#leaving.has(inlet)) continue;
      const isExtra = this.#shared.length >= share;
      if (isExtra && !this.#ownership.isLeft(inlet.lane ?? 0)) continue;
      const taken = await this.#ownership.take(inlet.lane ?? 0);
      if (taken === undefined) continue;
      if (isExtra) this.#keepExtra(inlet);
      this.#readLater(link, inlet, { isNeeded: taken === "abandoned" });
    }
  }

  /** Ours, and to stay so while our share is as large. */
  get #shared(): readonly Inlet[] {
    const now = this.#options.clock.now();
    return this.#kept.filter((inlet) => (this.#extras.get(inlet)?.until ?? 0) <= now);
  }

  #keepExtra(inlet: Inlet): void {
    const { clock, leaseMs } = this.#options;
    const { first, longest } = EXTRA_LEASES;
    const before = this.#extras.get(inlet);
    const isAgain = before !== undefined && clock.now() - before.until < 5 * leaseMs;
    const leases = isAgain ? Math.min(2 * before.leases, longest) : first;
    this.#extras.set(inlet, { until: clock.now() + leases * leaseMs, leases });
  }

  #readLater(link: Link, inlet: Inlet, { isNeeded }: { readonly isNeeded: boolean }): void {
    const rest = new Rest({ isNeeded });
    this.#wake(inlet);
    this.#resting.set(inlet, rest);
    this.#readAfter(rest, link, inlet);
  }

  /** A connection that goes meanwhile ends it: the next one begins anew. */
  #readAfter(rest: Rest, link: Link, inlet: Inlet): void {
    this.#read(rest, link, inlet).catch(() => undefined);
  }

  async #read(rest: Rest, link: Link, inlet: Inlet): Promise<void> {
    const { clock, leaseMs, window } = this.#options;
    const count = await inlet.counted(link).catch(() => undefined);
    if (count !== undefined && (count.isIdle || !rest.isNeeded)) rest.skip();
    else rest.last(leaseMs + MARGIN_MS, clock);
    if (!(await rest.over)) return;
    this.#resting.delete(inlet);
    if (this.#link !== link || this.#isHolding || this.#leaving.has(inlet)) return;
    if (!this.#ownership.owns(inlet.lane ?? 0)) return;
    if (count === undefined) this.#readLater(link, inlet, rest);
    else inlet.open(link, window(), count.delivered);
  }

  /** It rests no more, and is not read. */
  #wake(inlet: Inlet): void {
    this.#resting.get(inlet)?.callOff();
    this.#resting.delete(inlet);
  }

  #lose(inlet: Inlet | undefined): void {
    if (inlet === undefined) return;
    this.#wake(inlet);
    inlet.lose({ isHeld: false });
  }
}
