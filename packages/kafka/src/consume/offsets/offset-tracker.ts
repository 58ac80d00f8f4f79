import { MOST_GAPS, SPAN, timesLost, type Loss, type CommitState } from "./commit-metadata.ts";
import type { OffsetRange } from "./offset-ranges.ts";
import type { RawRecord } from "../../connection/protocol/records/record.ts";

/** A message of a partition between its fetch and its settlement. */
export interface Entry {
  readonly offset: number;
  record: RawRecord;
  /** Deliveries in vain: by members that vanished, over lost connections, or ended with an immediate retry. */
  lostDeliveries: number;
  state: "waiting" | "in flight" | "settled";
}

/** How much is fetched ahead. */
const MOST_WAITING = 500;
/** Of losses in one commit. */
const MOST_STEPS = 20;
const MOST_BYTES = 4 * 1_024 * 1_024;
/** About what a header takes in memory. */
const HEADER_BYTES = 100;
/** Of settled entries among those that are not, before they are cleared away. */
const MOST_SETTLED = 4_096;

/**
 * What a member knows of one partition it owns: what was fetched, what runs and what is settled, in any order, and
 * below which offset all is.
 */
export class OffsetTracker {
  /** Where the next fetch begins. */
  next: number;
  /** How many unsettled messages the last commit said this member may hold: beyond it, a crash would go uncounted. */
  committedWindow = 0;
  /** All that is not settled below `next`, and some that is. */
  #entries: (Entry | undefined)[] = [];
  /** The place in the list of the first entry that is not settled. */
  #head = 0;
  /** The place from which on entries may be waiting. */
  #cursor = 0;
  /** What others had settled, from `next` on. */
  #settledBefore: readonly OffsetRange[];
  readonly #losses: readonly Loss[];
  #waiting = 0;
  #inFlight = 0;
  #bytes = 0;
  /** Settled entries from the head on. */
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

  /** Whether there is room for more. */
  get canFetch(): boolean {
    return this.#waiting < MOST_WAITING && this.#bytes < MOST_BYTES && !this.isBlocked;
  }

  /** Whether too much is unsettled, too far apart: what is settled beyond it could not be committed. */
  get isBlocked(): boolean {
    return this.next - this.offset >= SPAN && this.#inFlight > MOST_GAPS;
  }

  /** All below it is settled. */
  get offset(): number {
    return this.#entries[this.#head]?.offset ?? this.next;
  }

  /** Takes what was fetched, ascending, and where the next fetch begins. */
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
    // What is settled is not even fetched.
    if (this.#wasSettled(this.next)) this.next = this.#settledBefore[0]?.to ?? this.next;
    this.#wasSettled(this.next);
    this.#advance();
  }

  /** Goes on somewhere else: what was to be read is not there. Nothing may be waiting or running. */
  seek(offset: number): void {
    this.next = offset;
    this.#settledBefore = [];
  }

  /** The next in order that waits; it runs from then on. */
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

  settle(entry: Entry): void {
    if (entry.state !== "in flight") return;
    entry.state = "settled";
    this.#inFlight -= 1;
    this.#settled += 1;
    this.#advance();
  }

  /** Waits again, in its place. */
  release(entry: Entry): void {
    if (entry.state !== "in flight") return;
    entry.state = "waiting";
    this.#inFlight -= 1;
    this.#waiting += 1;
    this.#bytes += weightOf(entry.record);
    const place = this.#entries.indexOf(entry, this.#head);
    this.#cursor = Math.min(this.#cursor, place);
  }

  /** To be committed, with how many messages this member may hold from then on. */
  commitState(window: number): CommitState {
    const settled: OffsetRange[] = [];
    let at = this.offset;
    for (let place = this.#head; place < this.#entries.length; place++) {
      const entry = this.#entries[place];
      if (entry === undefined || entry.state === "settled") continue;
      if (entry.offset > at) settled.push({ from: at, to: entry.offset });
      at = entry.offset + 1;
    }
    if (at < this.next) settled.push({ from: at, to: this.next });
    settled.push(...this.#settledBefore);
    return { offset: this.offset, settled, losses: this.#lossesNow(), window };
  }

  /** How often each unsettled message was delivered in vain, in steps; of those not yet fetched what was known before. */
  #lossesNow(): readonly Loss[] {
    const steps: Loss[] = [];
    const step = (below: number, times: number): void => {
      if (steps.at(-1)?.times === times) steps.pop();
      steps.push({ below, times });
    };
    for (let place = this.#head; place < this.#entries.length; place++) {
      const entry = this.#entries[place];
      if (entry !== undefined && entry.state !== "settled") step(entry.offset + 1, entry.lostDeliveries);
    }
    for (const { below, times } of this.#losses) if (below > this.next) step(below, times);
    while (steps.at(-1)?.times === 0) steps.pop();
    return steps.slice(0, MOST_STEPS);
  }

  /** Whether others had settled it; what they had settled below is forgotten: offsets are asked for as they ascend. */
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

/** About how many bytes a record takes in memory. */
function weightOf({ key, value, headers }: RawRecord): number {
  return (key?.length ?? 0) + (value?.length ?? 0) + HEADER_BYTES * headers.length;
}
