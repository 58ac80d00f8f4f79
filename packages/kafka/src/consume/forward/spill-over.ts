import type { Cancel, Environment } from "@waybill/core/transport";
import { OURS } from "../../wire/header-names.ts";
import type { Entry } from "../offsets/offset-tracker.ts";
import { partitionName } from "../../topology/topic-partition.ts";
import type { AssignedPartition } from "../assigned-partition.ts";
import type { Publisher } from "../../publish/publisher.ts";
import type { SourceTopics } from "../../topology/sources.ts";
import { dueOf, headerOf, idOf, attemptsOf } from "../../wire/own-headers.ts";
import { rewritten } from "../../wire/message.ts";

/** How long a window is full before what waits behind it is handed on. */
const PATIENCE_MS = 1_000;
/** At most so many at a time, from each partition. */
const MOST = 100;

export interface SpillOverOptions {
  readonly environment: Environment;
  readonly publisher: Publisher;
  readonly sourceTopics: SourceTopics;
  /** Whether the window is full. */
  readonly isWindowFull: () => boolean;
  /** All that is in this member's hands. */
  readonly partitions: () => Iterable<AssignedPartition>;
  /** How many partitions there are to hand on to. */
  readonly partitionCount: () => number;
  readonly onSettled: (partition: AssignedPartition) => void;
}

/**
 * A partition has one owner, and a member whose window stays full would keep from the others what lies in its partitions.
 * Of what has no order it is written once more, into a partition of somebody else; each message once at most, for where
 * all are busy it would go round for ever.
 */
export class SpillOver {
  readonly #options: SpillOverOptions;
  #cancel: Cancel | undefined = undefined;
  #isOver = false;
  #turn = 0;

  constructor(options: SpillOverOptions) {
    this.#options = options;
  }

  /** The window is full. */
  watch(): void {
    if (this.#cancel !== undefined || this.#isOver || this.#options.sourceTopics.lanes !== undefined) return;
    this.#cancel = this.#options.environment.clock.schedule(PATIENCE_MS, () => {
      this.#cancel = undefined;
      if (!this.#options.isWindowFull()) return;
      this.#spill();
      this.watch();
    });
  }

  /** Something was settled. */
  pause(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }

  stop(): void {
    this.#isOver = true;
    this.pause();
  }

  #spill(): void {
    const { sourceTopics, partitions: held, partitionCount } = this.#options;
    const mine = [...held()].filter(({ isDelay, isLeaving, isLost }) => !isDelay && !isLeaving && !isLost);
    const numbers = new Set(mine.map(({ number }) => number));
    const others = Array.from({ length: partitionCount() }, (_, at) => at).filter((at) => !numbers.has(at));
    if (others.length === 0 || sourceTopics.delayTopic === undefined) return;
    for (const partition of mine) {
      const kept: Entry[] = [];
      for (let count = 0; count < MOST; count++) {
        const entry = partition.tracker.take();
        if (entry === undefined) break;
        if (headerOf(entry.record, OURS.spilledOver) === undefined)
          void this.#republish(partition, entry, others);
        else kept.push(entry);
      }
      for (const entry of kept) partition.tracker.release(entry);
    }
  }

  async #republish(partition: AssignedPartition, entry: Entry, others: readonly number[]): Promise<void> {
    const { environment, publisher, sourceTopics, onSettled } = this.#options;
    this.#turn += 1;
    const result = await publisher.write(
      { topic: sourceTopics.ownTopic, partition: others[this.#turn % others.length] },
      rewritten(
        entry.record,
        {
          id: idOf(entry.record, partitionName(partition.topic, partition.number)),
          attempts: attemptsOf(entry.record) + entry.lostDeliveries,
          due: dueOf(entry.record, environment.clock.now()),
          lane: undefined,
          isSpillOver: true,
        },
        environment.clock.now(),
      ),
    );
    if (result.ok) partition.tracker.settle(entry);
    else partition.tracker.release(entry);
    onSettled(partition);
  }
}
