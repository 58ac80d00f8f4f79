import type { RawRecord } from "../../connection/protocol/protocol.ts";
import { MOST_GAPS, SPAN, timesLost, type Loss, type Progress } from "./commit-metadata.ts";
import type { Run } from "./offset-ranges.ts";

/** A message of a partition between its fetch and its settlement. */
export interface Entry {
  readonly offset: number;
  record: RawRecord;
  /** Deliveries in vain: by members that vanished, over lost connections, or ended with an immediate retry. */
  lostDeliveries: number;
  state: "waiting" | "running" | "done";
}

/** How much is fetched ahead. */
const MOST_WAITING = 500;
/** Of losses in one commit. */
const MOST_STEPS = 20;
const MOST_BYTES = 4 * 1_024 * 1_024;
/** About what a header takes in memory. */
const HEADER_BYTES = 100;
/** Of settled entries among those that are not, before they are cleared away. */
const MOST_DONE = 4_096;

/**
 * What a member knows of one partition it owns: what was fetched, what runs and what is settled, in any order, and
 * below which offset all is.
 */
export class OffsetTracker {
  /** Where the next fetch begins. */
  next: number;
  /** How many unsettled messages the last commit said this member may hold: beyond it, a crash would go uncounted. */
  marked = 0;
  /** All that is not settled below `next`, and some that is. */
  #entries: (Entry | undefined)[] = [];
  /** The place in the list of the first entry that is not settled. */
  #head = 0;
  /** The place from which on entries may be waiting. */
  #cursor = 0;
  /** What others had settled, from `next` on. */
  #doneBefore: readonly Run[];
  readonly #losses: readonly Loss[];
  #waiting = 0;
  #running = 0;
  #bytes = 0;
  /** Settled entries from the head on. */
  #done = 0;

  constructor({ offset, done, losses }: Progress) {
    this.next = offset;
    this.#doneBefore = done;
    this.#losses = losses;
  }

  get waiting(): number {
    return this.#waiting;
  }

  get running(): number {
    return this.#running;
  }

  /** Whether there is room for more. */
  get isHungry(): boolean {
    return this.#waiting < MOST_WAITING && this.#bytes < MOST_BYTES && !this.isAtEnd;
  }

  /** Whether too much is unsettled, too far apart: what is settled beyond it could not be committed. */
  get isAtEnd(): boolean {
    return this.next - this.offset >= SPAN && this.#running > MOST_GAPS;
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
      if (this.#wasDone(offset)) continue;
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
    if (this.#wasDone(this.next)) this.next = this.#doneBefore[0]?.to ?? this.next;
    this.#wasDone(this.next);
    this.#advance();
  }

  /** Goes on somewhere else: what was to be read is not there. Nothing may be waiting or running. */
  jump(offset: number): void {
    this.next = offset;
    this.#doneBefore = [];
  }

  /** The next in order that waits; it runs from then on. */
  take(): Entry | undefined {
    while (this.#cursor < this.#entries.length) {
      const entry = this.#entries[this.#cursor];
      if (entry?.state === "waiting") {
        entry.state = "running";
        this.#waiting -= 1;
        this.#running += 1;
        this.#bytes -= weightOf(entry.record);
        return entry;
      }
      this.#cursor += 1;
    }
    return undefined;
  }

  settle(entry: Entry): void {
    if (entry.state !== "running") return;
    entry.state = "done";
    this.#running -= 1;
    this.#done += 1;
    this.#advance();
  }

  /** Waits again, in its place. */
  giveBack(entry: Entry): void {
    if (entry.state !== "running") return;
    entry.state = "waiting";
    this.#running -= 1;
    this.#waiting += 1;
    this.#bytes += weightOf(entry.record);
    const place = this.#entries.indexOf(entry, this.#head);
    this.#cursor = Math.min(this.#cursor, place);
  }

  /** To be committed, with how many messages this member may hold from then on. */
  progress(window: number): Progress {
    const done: Run[] = [];
    let at = this.offset;
    for (let place = this.#head; place < this.#entries.length; place++) {
      const entry = this.#entries[place];
      if (entry === undefined || entry.state === "done") continue;
      if (entry.offset > at) done.push({ from: at, to: entry.offset });
      at = entry.offset + 1;
    }
    if (at < this.next) done.push({ from: at, to: this.next });
    done.push(...this.#doneBefore);
    return { offset: this.offset, done, losses: this.#lossesNow(), window };
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
      if (entry !== undefined && entry.state !== "done") step(entry.offset + 1, entry.lostDeliveries);
    }
    for (const { below, times } of this.#losses) if (below > this.next) step(below, times);
    while (steps.at(-1)?.times === 0) steps.pop();
    return steps.slice(0, MOST_STEPS);
  }

  /** Whether others had settled it; what they had settled below is forgotten: offsets are asked for as they ascend. */
  #wasDone(offset: number): boolean {
    const first = this.#doneBefore[0];
    if (first === undefined || first.from > offset) return false;
    if (first.to > offset) return true;
    this.#doneBefore = this.#doneBefore.filter(({ to }) => to > offset);
    return this.#wasDone(offset);
  }

  #advance(): void {
    while (this.#entries[this.#head]?.state === "done") {
      this.#entries[this.#head] = undefined;
      this.#head += 1;
      this.#done -= 1;
    }
    if (this.#head === this.#entries.length) {
      this.#entries.length = 0;
      this.#head = 0;
      this.#cursor = 0;
    } else if (this.#head > MOST_DONE || this.#done > MOST_DONE + this.#waiting + this.#running) {
      this.#entries = this.#entries.filter((entry) => entry !== undefined && entry.state !== "done");
      this.#head = 0;
      this.#cursor = 0;
      this.#done = 0;
    }
    this.#cursor = Math.max(this.#cursor, this.#head);
  }
}

/** About how many bytes a record takes in memory. */
function weightOf({ key, value, headers }: RawRecord): number {
  return (key?.length ?? 0) + (value?.length ?? 0) + HEADER_BYTES * headers.length;
}
