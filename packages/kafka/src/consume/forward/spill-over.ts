import type { Cancel, Environment } from "@waybill/core/transport";
import type { Publisher } from "../../publish/publisher.ts";
import type { SourceTopics } from "../../topology/sources.ts";
import { partitionName } from "../../topology/topic-partition.ts";
import { OWN_HEADER } from "../../wire/header-names.ts";
import { rewritten } from "../../wire/message.ts";
import { attemptsOf, dueOf, headerOf, idOf } from "../../wire/own-headers.ts";
import type { AssignedPartition } from "../assigned-partition.ts";
import type { Entry } from "../offsets/offset-tracker.ts";

/** How long a window is full before waiting messages are republished. */
const PATIENCE_MS = 1_000;
/** The most messages of one partition that are republished at a time. */
const MOST = 100;

export interface SpillOverOptions {
  readonly environment: Environment;
  readonly publisher: Publisher;
  readonly sourceTopics: SourceTopics;
  readonly isWindowFull: () => boolean;
  /** Returns the partitions of this member. */
  readonly partitions: () => Iterable<AssignedPartition>;
  /** Returns the number of partitions of the group's own topic. */
  readonly partitionCount: () => number;
  readonly onSettled: (partition: AssignedPartition) => void;
}

/**
 * Republishes waiting messages to the partitions of other members. A partition has one owner: while its window stays full,
 * no other member could handle the messages in its partitions. Only messages without order are republished, and each at
 * most once, so that they cannot circulate when all members are busy.
 */
export class SpillOver {
  readonly #options: SpillOverOptions;
  #cancel: Cancel | undefined = undefined;
  #isOver = false;
  #turn = 0;

  constructor(options: SpillOverOptions) {
    this.#options = options;
  }

  /** Called when the window is full. */
  watch(): void {
    if (this.#cancel !== undefined || this.#isOver || this.#options.sourceTopics.lanes !== undefined) return;
    this.#cancel = this.#options.environment.clock.schedule(PATIENCE_MS, () => {
      this.#cancel = undefined;
      if (!this.#options.isWindowFull()) return;
      this.#spill();
      this.watch();
    });
  }

  /** Called after a settlement: the window is no longer full. */
  pause(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }

  stop(): void {
    this.#isOver = true;
    this.pause();
  }

  #spill(): void {
    const { sourceTopics, partitions, partitionCount } = this.#options;
    const mine = [...partitions()].filter(
      ({ isDelay, isLeaving, isLost }) => !isDelay && !isLeaving && !isLost,
    );
    const numbers = new Set(mine.map(({ number }) => number));
    const others = Array.from({ length: partitionCount() }, (_, at) => at).filter((at) => !numbers.has(at));
    if (others.length === 0 || sourceTopics.delayTopic === undefined) return;
    for (const partition of mine) {
      const kept: Entry[] = [];
      for (let count = 0; count < MOST; count++) {
        const entry = partition.tracker.take();
        if (entry === undefined) break;
        if (headerOf(entry.record, OWN_HEADER.spilledOver) === undefined)
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
