import { sleep, type Cancel, type Ground } from "@waybill/core/transport";
import type { Entry } from "./ledger.ts";
import { idOf, numberOf, rewritten } from "./wire.ts";
import { partitionName } from "./parcels.ts";
import type { Partition } from "./partition.ts";
import { ROOMS_MS, roomFor } from "./rooms.ts";
import type { Publisher } from "./publisher.ts";
import { OURS } from "./header-names.ts";

/** Pause before a message is tried to be moved once more. */
const PAUSE_MS = 250;
/** Of those that wait in this process, per room. The order of a waiting room makes more than a few needless. */
const MOST = { first: 8_192, others: 64 } as const;

export interface LaterOptions {
  readonly ground: Ground;
  readonly publisher: Publisher;
  /** The topic of the rooms. */
  readonly later: string;
  /** Where messages go when they are due. */
  readonly place: string;
  readonly onSettled: (partition: Partition) => void;
}

/** Waits with the messages of the rooms that this member owns, and moves each on at its time. */
export class Later {
  readonly #options: LaterOptions;
  readonly #waiting = new Map<Partition, Map<Entry, Cancel>>();

  constructor(options: LaterOptions) {
    this.#options = options;
  }

  /** Takes what is there to wait with. */
  take(partition: Partition): void {
    const most = partition.number === 0 ? MOST.first : MOST.others;
    while (partition.ledger.running < most) {
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
    const due = numberOf(entry.record, OURS.due) ?? 0;
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
    const { ground, publisher, later, place, onSettled } = this.#options;
    while (!partition.isLost) {
      const now = ground.clock.now();
      const due = numberOf(entry.record, OURS.due) ?? 0;
      const lane = numberOf(entry.record, OURS.lane);
      const isDue = due <= now;
      const record = rewritten(
        entry.record,
        {
          id: idOf(entry.record, partitionName(partition.topic, partition.number)),
          attempts: numberOf(entry.record, OURS.attempt) ?? 0,
          due: isDue ? undefined : due,
          lane: isDue ? undefined : lane,
        },
        now,
      );
      const route = isDue
        ? { topic: place, partition: lane }
        : { topic: later, partition: roomFor(due - now) };
      const result = await publisher.write(route, record);
      if (result.ok) {
        partition.ledger.settle(entry);
        onSettled(partition);
        return;
      }
      publisher.blame(route, result.error);
      await sleep(ground.clock, PAUSE_MS);
    }
  }
}
