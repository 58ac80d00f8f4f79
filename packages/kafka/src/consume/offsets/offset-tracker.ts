import { MOST_GAPS, SPAN, timesLost, type Loss, type CommitState } from "./commit-metadata.ts";
import type { OffsetRange } from "./offset-ranges.ts";
import type { RawRecord } from "../../connection/protocol/records/record.ts";

/** A record of a partition between its fetch and its settlement. */
export interface Entry {
  readonly offset: number;
  record: RawRecord;
  /**
   * The number of deliveries without a final settlement: the owner vanished, the connection was lost, or an immediate
   * retry followed.
   */
  lostDeliveries: number;
  state: "waiting" | "in flight" | "settled";
}

/** The most records that may wait for dispatch. */
const MOST_WAITING = 500;
/** The most entries for losses in one commit. */
const MOST_STEPS = 20;
const MOST_BYTES = 4 * 1_024 * 1_024;
/** The approximate memory of a header. */
const HEADER_BYTES = 100;
/** How many settled entries may stay in the list before it is compacted. */
const MOST_SETTLED = 4_096;

/**
 * The records of one partition that this member owns: waiting, in flight and settled, in any order; and the offset to commit,
 * below which every record is settled.
 */
export class OffsetTracker {
  /** The offset at which the next fetch begins. */
  next: number;
  /** The window in the last successful commit. A crash with more messages in flight would not count as an attempt of each. */
  committedWindow = 0;
  /** The records below `next` that are not settled, and some that are. */
  #entries: (Entry | undefined)[] = [];
  /** The index of the first entry that is not settled. */
  #head = 0;
  /** The index from which on entries may be waiting. */
  #cursor = 0;
  /** The ranges from `next` on that earlier owners have settled. */
  #settledBefore: readonly OffsetRange[];
  readonly #losses: readonly Loss[];
  #waiting = 0;
  #inFlight = 0;
  #bytes = 0;
  /** How many entries from the head on are settled. */
  #settled = 0;

  constructor({ offset, settled, losses }: CommitState) {
    this.next = offset;
    this.#settledBefore = settled;
    this.#losses = losses;
  }

  get waiting(): number {
    return this.#waiting;
  }

  get inFlight(): number {
    return this.#inFlight;
  }

  /** Whether more records may be fetched. */
  get canFetch(): boolean {
    return this.#waiting < MOST_WAITING && this.#bytes < MOST_BYTES && !this.isBlocked;
  }

  /**
   * Whether so many records are unsettled, so far apart, that a commit could not hold further settled ranges between
   * them.
   */
  get isBlocked(): boolean {
    return this.next - this.offset >= SPAN && this.#inFlight > MOST_GAPS;
  }

  /** The offset to commit: every offset below it is settled. */
  get offset(): number {
    return this.#entries[this.#head]?.offset ?? this.next;
  }

  /** Adds fetched records, in ascending order. The next fetch begins at `next`. */
  add(records: readonly RawRecord[], next: number): void {
    for (const record of records) {
      const { offset } = record;
      if (offset < this.next) continue;
      if (this.#wasSettled(offset)) continue;
      this.#entries.push({
        offset,
        record,
        lostDeliveries: timesLost(this.#losses, offset),
        state: "waiting",
      });
      this.#waiting += 1;
      this.#bytes += weightOf(record);
    }
    this.next = Math.max(this.next, next);
    // Settled ranges are not fetched at all.
    if (this.#wasSettled(this.next)) this.next = this.#settledBefore[0]?.to ?? this.next;
    this.#wasSettled(this.next);
    this.#advance();
  }

  /** Continues at another offset, because the broker does not have the next one. No record may wait or be in flight. */
  seek(offset: number): void {
    this.next = offset;
    this.#settledBefore = [];
  }

  /** Returns the first waiting record, which is in flight from then on; absent when none waits. */
  take(): Entry | undefined {
    while (this.#cursor < this.#entries.length) {
      const entry = this.#entries[this.#cursor];
      if (entry?.state === "waiting") {
        entry.state = "in flight";
        this.#waiting -= 1;
        this.#inFlight += 1;
        this.#bytes -= weightOf(entry.record);
        return entry;
      }
      this.#cursor += 1;
    }
    return undefined;
  }

  /** Settles a record in flight. */
  settle(entry: Entry): void {
    if (entry.state !== "in flight") return;
    entry.state = "settled";
    this.#inFlight -= 1;
    this.#settled += 1;
    this.#advance();
  }

  /** Makes a record in flight wait again, in its order. */
  release(entry: Entry): void {
    if (entry.state !== "in flight") return;
    entry.state = "waiting";
    this.#inFlight -= 1;
    this.#waiting += 1;
    this.#bytes += weightOf(entry.record);
    const index = this.#entries.indexOf(entry, this.#head);
    this.#cursor = Math.min(this.#cursor, index);
  }

  /** Returns the state to commit. @param window how many messages this member may have in flight from then on */
  commitState(window: number): CommitState {
    const settled: OffsetRange[] = [];
    let at = this.offset;
    for (let index = this.#head; index < this.#entries.length; index++) {
      const entry = this.#entries[index];
      if (entry === undefined || entry.state === "settled") continue;
      if (entry.offset > at) settled.push({ from: at, to: entry.offset });
      at = entry.offset + 1;
    }
    if (at < this.next) settled.push({ from: at, to: this.next });
    settled.push(...this.#settledBefore);
    return { offset: this.offset, settled, losses: this.#lossesNow(), window };
  }

  /**
   * Returns how often each unsettled message was lost, as ranges of offsets. For messages that are not fetched yet,
   * these are the counts of earlier owners.
   */
  #lossesNow(): readonly Loss[] {
    const steps: Loss[] = [];
    const step = (below: number, times: number): void => {
      if (steps.at(-1)?.times === times) steps.pop();
      steps.push({ below, times });
    };
    for (let index = this.#head; index < this.#entries.length; index++) {
      const entry = this.#entries[index];
      if (entry !== undefined && entry.state !== "settled") step(entry.offset + 1, entry.lostDeliveries);
    }
    for (const { below, times } of this.#losses) if (below > this.next) step(below, times);
    while (steps.at(-1)?.times === 0) steps.pop();
    return steps.slice(0, MOST_STEPS);
  }

  /** Whether an earlier owner has settled an offset. Call it with ascending offsets: ranges below are dropped. */
  #wasSettled(offset: number): boolean {
    const first = this.#settledBefore[0];
    if (first === undefined || first.from > offset) return false;
    if (first.to > offset) return true;
    this.#settledBefore = this.#settledBefore.filter(({ to }) => to > offset);
    return this.#wasSettled(offset);
  }

  #advance(): void {
    while (this.#entries[this.#head]?.state === "settled") {
      this.#entries[this.#head] = undefined;
      this.#head += 1;
      this.#settled -= 1;
    }
    if (this.#head === this.#entries.length) {
      this.#entries.length = 0;
      this.#head = 0;
      this.#cursor = 0;
    } else if (this.#head > MOST_SETTLED || this.#settled > MOST_SETTLED + this.#waiting + this.#inFlight) {
      this.#entries = this.#entries.filter((entry) => entry !== undefined && entry.state !== "settled");
      this.#head = 0;
      this.#cursor = 0;
      this.#settled = 0;
    }
    this.#cursor = Math.max(this.#cursor, this.#head);
  }
}

/** Returns the approximate memory of a record in bytes. */
function weightOf({ key, value, headers }: RawRecord): number {
  return (key?.length ?? 0) + (value?.length ?? 0) + HEADER_BYTES * headers.length;
}
