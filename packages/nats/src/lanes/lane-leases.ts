import type { Subscription } from "@nats-io/transport-node";
import type { Clock } from "@waybill/core/transport";
import { heard, type ServerLink } from "../connection/connection.ts";
import { API, apiCode, isNotFound } from "../errors.ts";
import { LANES_STREAM, ownerSubject } from "../topology/names.ts";

/** A source has at most so many; anybody may name others. */
const MOST_LANES = 256;

/** What stands for nobody. */
const NOBODY = "";

export interface LaneLeasesOptions {
  /** What the lanes have in common, as part of subjects. */
  readonly lanes: string;
  /** Nobody else's. */
  readonly id: string;
  readonly clock: Clock;
  /** An owner that has said nothing for so long has lost its lane. */
  readonly leaseMs: number;
  /** A lane is not ours any more: somebody else took it, or it could not be held. */
  readonly onLoss: (lane: number) => void;
  /** Somebody let go of a lane. */
  readonly onFree: () => void;
}

/** How a lane was taken: from nobody, or from an owner that may still have messages of it in hand. */
export type Taken = "free" | "abandoned";

interface Owned {
  /** Of our last word. */
  sequence: number;
  /** When our last word that the server has confirmed was said. */
  confirmedAt: number;
}

interface Quiet {
  readonly since: number;
  readonly isFree: boolean;
}

interface Seen {
  readonly sequence: number;
  readonly at: number;
}

/**
 * Who owns a lane: the one whose name is the last message on the lane's subject. Each word of an owner expects to follow
 * the last one (Nats-Expected-Last-Subject-Sequence), so that of two that reach for a lane one succeeds; and it is
 * repeated well within a lease. It needs no clock but one's own: a last word that stays the same for a whole lease is a
 * dead owner's. Works on every version, where the server's own pinned consumers need 2.11 and are never handed over by it.
 */
export class LaneLeases {
  readonly #options: LaneLeasesOptions;
  readonly #owned = new Map<number, Owned>();
  readonly #seen = new Map<number, Seen>();
  readonly #taking = new Set<number>();
  /** Since when nothing was heard of an owner, by lane, and whether the last one let go of it. */
  readonly #quiet = new Map<number, Quiet>();
  #openedAt = 0;
  /** How often somebody let go of a lane. */
  #frees = 0;
  #link: ServerLink | undefined = undefined;
  #subscription: Subscription | undefined = undefined;

  constructor(options: LaneLeasesOptions) {
    this.#options = options;
  }

  owns(lane: number): boolean {
    return this.#owned.has(lane);
  }

  open(link: ServerLink): void {
    const { lanes, onFree } = this.#options;
    this.#link = link;
    this.#seen.clear();
    this.#quiet.clear();
    this.#openedAt = this.#now;
    this.#subscription = link.nc.subscribe(
      ownerSubject(lanes, "*"),
      heard((msg) => {
        const lane = Number(msg.subject.slice(msg.subject.lastIndexOf(".") + 1));
        if (!Number.isInteger(lane) || lane < 0 || lane >= MOST_LANES) return;
        const seen = this.#seen.get(lane);
        // A word that is refused is heard too: it proves nothing but that somebody reaches for the lane.
        if (msg.data.length > 0 && seen !== undefined) this.#seen.set(lane, { ...seen, at: this.#now });
        this.#quiet.set(lane, { since: this.#now, isFree: msg.data.length === 0 });
        if (msg.data.length > 0) return;
        this.#seen.delete(lane);
        this.#frees += 1;
        onFree();
      }),
    );
  }

  /** The link is gone, and nothing is ours. */
  lose(): void {
    this.#link = undefined;
    this.#subscription = undefined;
    this.#owned.clear();
    this.#taking.clear();
  }

  /** Whether a lane is left without an owner, longer than a member takes that has a share left. */
  isLeft(lane: number): boolean {
    if (this.owns(lane)) return false;
    const { since, isFree } = this.#quiet.get(lane) ?? { since: this.#openedAt, isFree: false };
    const { leaseMs } = this.#options;
    return this.#now - since >= (isFree ? leaseMs / 2 : 2 * leaseMs);
  }

  /** Tries to take a lane that may be free. */
  async take(lane: number): Promise<Taken | undefined> {
    const link = this.#link;
    if (link === undefined || this.owns(lane) || this.#taking.has(lane) || !this.#mayBeFree(lane))
      return undefined;
    this.#taking.add(lane);
    try {
      const frees = this.#frees;
      const last = await this.#lastWord(link, lane);
      if (!this.#isFree(lane, last, this.#frees === frees)) return undefined;
      const { id } = this.#options;
      const at = this.#now;
      const sequence = await this.#say(link, { lane, word: id, after: last.sequence });
      if (this.#link !== link || sequence === undefined) return undefined;
      this.#owned.set(lane, { sequence, confirmedAt: at });
      return last.owner === NOBODY ? "free" : "abandoned";
    } finally {
      this.#taking.delete(lane);
    }
  }

  /** Says again what is ours. What could not be said for half a lease is given up: soon others may take it. */
  async renew(): Promise<void> {
    const link = this.#link;
    if (link !== undefined)
      await Promise.all([...this.#owned].map(([lane, owned]) => this.#renewOne(link, lane, owned)));
  }

  /** For another member to take at once. */
  async free(lane: number): Promise<void> {
    const owned = this.#owned.get(lane);
    this.#owned.delete(lane);
    if (owned !== undefined && this.#link !== undefined)
      await this.#say(this.#link, { lane, word: NOBODY, after: owned.sequence }).catch(() => undefined);
  }

  close(): void {
    this.#subscription?.unsubscribe();
    this.lose();
  }

  get #now(): number {
    return this.#options.clock.now();
  }

  /** Whether it is worth a question: its owner was not heard for a lease, or never. */
  #mayBeFree(lane: number): boolean {
    const seen = this.#seen.get(lane);
    return seen === undefined || this.#now - seen.at >= this.#options.leaseMs;
  }

  /** What was asked before somebody let go may be out of date: it counts for now, and is asked again. */
  #isFree(lane: number, { sequence, owner }: LastWord, isRecent: boolean): boolean {
    if (owner === NOBODY || owner === this.#options.id) return true;
    const seen = this.#seen.get(lane);
    if (seen?.sequence === sequence) return this.#now - seen.at >= this.#options.leaseMs;
    if (isRecent) this.#seen.set(lane, { sequence, at: this.#now });
    return false;
  }

  async #renewOne(link: ServerLink, lane: number, owned: Owned): Promise<void> {
    const at = this.#now;
    try {
      const sequence = await this.#say(link, { lane, word: this.#options.id, after: owned.sequence });
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

  async #lastWord({ jsm }: ServerLink, lane: number): Promise<LastWord> {
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

  /** The sequence of what was said; absent when somebody else has said something in between. */
  async #say({ js }: ServerLink, { lane, word, after }: Word): Promise<number | undefined> {
    try {
      const { seq } = await js.publish(ownerSubject(this.#options.lanes, lane), word, {
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

interface LastWord {
  readonly sequence: number;
  readonly owner: string;
}

interface Word {
  readonly lane: number;
  readonly word: string;
  readonly after: number;
}
