import type { Cancel, ForwardedForm, Forwarding, Ground, PublishResult } from "@waybill/core/transport";
import { HeldEntry } from "./held-entry.ts";
import type { Entry } from "./ledger.ts";
import { dueOf, idOf, laneOf, triesOf } from "./own-values.ts";
import { partitionName } from "./parcels.ts";
import type { Partition } from "./partition.ts";
import { ROOMS_MS, roomFor } from "./rooms.ts";
import type { Publisher } from "./publisher.ts";
import { foreignHeaders, rewritten } from "./wire.ts";

/** Of those that wait in this process, per room. The order of a waiting room makes more than a few needless. */
const MOST = { first: 8_192, others: 64 } as const;

export interface LaterOptions {
  readonly ground: Ground;
  readonly publisher: Publisher;
  readonly forwarding: Forwarding;
  /** The topic of the rooms. */
  readonly later: string;
  /** Where messages go when they are due. */
  readonly place: string;
  readonly lanes: number | undefined;
  readonly onSettled: (partition: Partition) => void;
}

/** Waits with the messages of the rooms that this member owns, and moves each on at its time. */
export class Later {
  readonly #options: LaterOptions;
  readonly #waiting = new Map<Partition, Map<Entry, Cancel>>();
  /** How many messages of a room cannot be moved: they take no place in it. */
  readonly #resting = new WeakMap<Partition, number>();

  constructor(options: LaterOptions) {
    this.#options = options;
  }

  /** Takes what is there to wait with. */
  take(partition: Partition): void {
    const most = partition.number === 0 ? MOST.first : MOST.others;
    while (partition.ledger.running - (this.#resting.get(partition) ?? 0) < most) {
      const entry = partition.ledger.take();
      if (entry === undefined) return;
      this.#wait(partition, entry);
    }
  }

  /** Gives back what waits; what is being moved is finished. */
  leave(partition: Partition): void {
    for (const [entry, cancel] of this.#waiting.get(partition) ?? []) {
      cancel();
      partition.ledger.giveBack(entry);
    }
    this.#waiting.delete(partition);
  }

  #wait(partition: Partition, entry: Entry): void {
    const now = this.#options.ground.clock.now();
    const due = dueOf(entry.record, now) ?? 0;
    const stayMs = ROOMS_MS[partition.number] ?? 0;
    const leavesAt = stayMs === 0 ? due : Math.min(due, entry.record.timestamp + stayMs);
    if (leavesAt <= now) return void this.#move(partition, entry);
    const waiting = this.#waiting.get(partition) ?? new Map<Entry, Cancel>();
    this.#waiting.set(partition, waiting);
    // At most for as long as a room keeps anybody, by the clock of this process.
    const wait = Math.min(leavesAt - now, Math.max(stayMs, ROOMS_MS[1] ?? 0));
    waiting.set(
      entry,
      this.#options.ground.clock.schedule(wait, () => {
        waiting.delete(entry);
        void this.#move(partition, entry);
      }),
    );
  }

  async #move(partition: Partition, entry: Entry): Promise<void> {
    const { forwarding, place, later, onSettled } = this.#options;
    const { record } = entry;
    let isResting = false;
    const fate = await forwarding.forward({
      delivery: new HeldEntry(partition),
      place: `topic ${this.#isDue(entry) ? place : later}`,
      headers: undefined,
      foreign: () => foreignHeaders(record),
      store: ({ headers, isBare }) => this.#store(partition, entry, { headers, isBare }),
      onRest: () => {
        isResting = true;
        this.#rest(partition, 1);
        this.take(partition);
      },
    });
    if (isResting) this.#rest(partition, -1);
    if (fate !== "stored") return;
    partition.ledger.settle(entry);
    onSettled(partition);
  }

  #store(partition: Partition, { record }: Entry, form: ForwardedForm): Promise<PublishResult> {
    const { ground, publisher, later, place, lanes } = this.#options;
    const now = ground.clock.now();
    const due = dueOf(record, now) ?? 0;
    const lane = laneOf(record, lanes);
    const isDue = due <= now;
    const changes = {
      ...form,
      id: idOf(record, partitionName(partition.topic, partition.number)),
      attempts: triesOf(record),
      due: isDue ? undefined : due,
      lane: isDue ? undefined : lane,
    };
    const route = isDue ? { topic: place, partition: lane } : { topic: later, partition: roomFor(due - now) };
    return publisher.write(route, rewritten(record, changes, now));
  }

  #isDue({ record }: Entry): boolean {
    const now = this.#options.ground.clock.now();
    return (dueOf(record, now) ?? 0) <= now;
  }

  #rest(partition: Partition, more: number): void {
    this.#resting.set(partition, (this.#resting.get(partition) ?? 0) + more);
  }
}
