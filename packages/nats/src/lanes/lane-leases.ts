import type { Subscription } from "@nats-io/transport-node";
import type { Clock } from "@waybill/core/transport";
import { messagesOnly, type ServerLink } from "../connection/connection.ts";
import { API, apiCode, isNotFound } from "../errors.ts";
import { LANES_STREAM, ownerSubject } from "../topology/names.ts";

/**
 * The largest number of lanes of a source. Any client may publish a claim; a claim of a lane beyond this number is
 * ignored.
 */
const MOST_LANES = 256;

/** The owner of a released lane. */
const NOBODY = "";

export interface LaneLeasesOptions {
  /** The common tokens of the lanes' subjects. */
  readonly lanes: string;
  /** The unique id of this member. */
  readonly id: string;
  readonly clock: Clock;
  /** An owner that has not renewed its claim for this time has lost its lane. */
  readonly leaseMs: number;
  /** Called when a lane is lost: another member took it, or the claim could not be renewed. */
  readonly onLoss: (lane: number) => void;
  /** Called when a member released a lane. */
  readonly onRelease: () => void;
}

/**
 * The former state of a lane that was taken: without an owner, or abandoned by an owner that died and may still have
 * messages in flight.
 */
export type FormerState = "free" | "abandoned";

interface Owned {
  /** The stream sequence of our last claim. */
  sequence: number;
  /** When the last confirmed claim was published. */
  confirmedAt: number;
}

/** The silence on the subject of a lane since its last claim or release. */
interface Silence {
  readonly since: number;
  /** Whether the last message was a release. */
  readonly isFree: boolean;
}

/** The last known claim of another member. */
interface Seen {
  readonly sequence: number;
  /** When the claim was first looked up, or when a later claim of the lane was heard. */
  readonly at: number;
}

/**
 * The leases of lanes. The owner of a lane is the member whose id is the last message on the lane's subject. Each claim
 * expects to follow the last one (Nats-Expected-Last-Subject-Sequence), so only one of two competing claims succeeds. An
 * owner repeats its claim well within a lease. No clocks are compared: a claim that stays the last one for a whole lease
 * belongs to a dead owner. The server's own pinned consumers need version 2.11, and the server never moves them to another
 * member.
 */
export class LaneLeases {
  readonly #options: LaneLeasesOptions;
  readonly #owned = new Map<number, Owned>();
  readonly #seen = new Map<number, Seen>();
  readonly #taking = new Set<number>();
  /** The silences by lane. */
  readonly #silences = new Map<number, Silence>();
  #openedAt = 0;
  /** The number of releases that were heard. */
  #releases = 0;
  #link: ServerLink | undefined = undefined;
  #subscription: Subscription | undefined = undefined;

  constructor(options: LaneLeasesOptions) {
    this.#options = options;
  }

  owns(lane: number): boolean {
    return this.#owned.has(lane);
  }

  open(link: ServerLink): void {
    const { lanes, onRelease } = this.#options;
    this.#link = link;
    this.#seen.clear();
    this.#silences.clear();
    this.#openedAt = this.#now;
    this.#subscription = link.nc.subscribe(
      ownerSubject(lanes, "*"),
      messagesOnly((msg) => {
        const lane = Number(msg.subject.slice(msg.subject.lastIndexOf(".") + 1));
        if (!Number.isInteger(lane) || lane < 0 || lane >= MOST_LANES) return;
        const seen = this.#seen.get(lane);
        // A claim that the stream refuses is heard too. It proves only that a member wants the lane.
        if (msg.data.length > 0 && seen !== undefined) this.#seen.set(lane, { ...seen, at: this.#now });
        this.#silences.set(lane, { since: this.#now, isFree: msg.data.length === 0 });
        if (msg.data.length > 0) return;
        this.#seen.delete(lane);
        this.#releases += 1;
        onRelease();
      }),
    );
  }

  /** Gives up all lanes, because the link is lost. */
  lose(): void {
    this.#link = undefined;
    this.#subscription = undefined;
    this.#owned.clear();
    this.#taking.clear();
  }

  /** Returns whether a lane has had no owner for so long that a member below its share would have claimed it. */
  isUnowned(lane: number): boolean {
    if (this.owns(lane)) return false;
    const { since, isFree } = this.#silences.get(lane) ?? { since: this.#openedAt, isFree: false };
    const { leaseMs } = this.#options;
    return this.#now - since >= (isFree ? leaseMs / 2 : 2 * leaseMs);
  }

  /** Tries to take a lane. Returns its former state; undefined if another member owns it or was faster. */
  async take(lane: number): Promise<FormerState | undefined> {
    const link = this.#link;
    if (link === undefined || this.owns(lane) || this.#taking.has(lane) || !this.#mayBeFree(lane))
      return undefined;
    this.#taking.add(lane);
    try {
      const releases = this.#releases;
      const last = await this.#lastClaim(link, lane);
      if (!this.#isFree(lane, last, this.#releases === releases)) return undefined;
      const { id } = this.#options;
      const at = this.#now;
      const sequence = await this.#publish(link, { lane, owner: id, after: last.sequence });
      if (this.#link !== link || sequence === undefined) return undefined;
      this.#owned.set(lane, { sequence, confirmedAt: at });
      return last.owner === NOBODY ? "free" : "abandoned";
    } finally {
      this.#taking.delete(lane);
    }
  }

  /** Renews the claims. A claim that could not be renewed for half a lease is given up, because other members may soon take the lane. */
  async renew(): Promise<void> {
    const link = this.#link;
    if (link !== undefined)
      await Promise.all([...this.#owned].map(([lane, owned]) => this.#renewOne(link, lane, owned)));
  }

  /** Releases a lane, so that another member can take it at once. */
  async release(lane: number): Promise<void> {
    const owned = this.#owned.get(lane);
    this.#owned.delete(lane);
    if (owned !== undefined && this.#link !== undefined)
      await this.#publish(this.#link, { lane, owner: NOBODY, after: owned.sequence }).catch(() => undefined);
  }

  close(): void {
    this.#subscription?.unsubscribe();
    this.lose();
  }

  get #now(): number {
    return this.#options.clock.now();
  }

  /** Returns whether a lookup of the last claim is worthwhile: the owner was not heard for a lease, or never. */
  #mayBeFree(lane: number): boolean {
    const seen = this.#seen.get(lane);
    return seen === undefined || this.#now - seen.at >= this.#options.leaseMs;
  }

  /**
   * Returns whether a lane may be taken after its last claim was looked up.
   * @param isRecent false if a release was heard during the lookup: its answer may be outdated, so it is not
   * remembered
   */
  #isFree(lane: number, { sequence, owner }: LastClaim, isRecent: boolean): boolean {
    if (owner === NOBODY || owner === this.#options.id) return true;
    const seen = this.#seen.get(lane);
    if (seen?.sequence === sequence) return this.#now - seen.at >= this.#options.leaseMs;
    if (isRecent) this.#seen.set(lane, { sequence, at: this.#now });
    return false;
  }

  async #renewOne(link: ServerLink, lane: number, owned: Owned): Promise<void> {
    const at = this.#now;
    try {
      const sequence = await this.#publish(link, { lane, owner: this.#options.id, after: owned.sequence });
      if (sequence === undefined) return this.#giveUp(lane, owned);
      owned.sequence = sequence;
      owned.confirmedAt = at;
    } catch {
      if (this.#now - owned.confirmedAt > this.#options.leaseMs / 2) this.#giveUp(lane, owned);
    }
  }

  #giveUp(lane: number, owned: Owned): void {
    if (this.#owned.get(lane) !== owned) return;
    this.#owned.delete(lane);
    this.#options.onLoss(lane);
  }

  async #lastClaim({ jsm }: ServerLink, lane: number): Promise<LastClaim> {
    try {
      const message = await jsm.streams.getMessage(LANES_STREAM, {
        last_by_subj: ownerSubject(this.#options.lanes, lane),
      });
      return message === null
        ? { sequence: 0, owner: NOBODY }
        : { sequence: message.seq, owner: message.string() };
    } catch (error) {
      if (isNotFound(error) || apiCode(error) === API.noMessage) return { sequence: 0, owner: NOBODY };
      throw error;
    }
  }

  /** Publishes a claim. Returns its sequence; undefined if another member has published a claim in between. */
  async #publish({ js }: ServerLink, { lane, owner, after }: Claim): Promise<number | undefined> {
    try {
      const { seq } = await js.publish(ownerSubject(this.#options.lanes, lane), owner, {
        timeout: this.#options.leaseMs / 2,
        expect: { lastSubjectSequence: after },
      });
      return seq;
    } catch (error) {
      if (apiCode(error) === API.wrongLastSequence) return undefined;
      throw error;
    }
  }
}

interface LastClaim {
  readonly sequence: number;
  readonly owner: string;
}

interface Claim {
  readonly lane: number;
  readonly owner: string;
  /** The sequence of the last claim. */
  readonly after: number;
}
