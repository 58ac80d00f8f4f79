import type { Cancel, Ground } from "@waybill/core/transport";
import { CODE, isForbidden } from "./driver/codes.ts";
import type { Cluster } from "./driver/cluster.ts";
import type { Membership } from "./membership.ts";
import { forbidden, type Tell } from "./notices.ts";
import { byTopic } from "./offsets.ts";
import { partitionName } from "./parcels.ts";
import type { Partition } from "./partition.ts";
import { writeProgress } from "./progress.ts";

/** Between two commits, unless somebody waits for one. */
const INTERVAL_MS = 100;

export interface CommitterOptions {
  readonly cluster: Cluster;
  readonly ground: Ground;
  readonly membership: Membership;
  readonly tell: Tell;
  /** All that is in this member's hands. */
  readonly partitions: () => Iterable<Partition>;
  /** How many messages this member may hold. */
  readonly window: () => number;
  /** Something was committed. */
  readonly onCommitted: () => void;
}

/** Commits what has changed, one request at a time, for all partitions together. */
export class Committer {
  readonly #options: CommitterOptions;
  #lastAt = 0;
  #cancel: Cancel | undefined = undefined;
  #work: Promise<void> | undefined = undefined;

  constructor(options: CommitterOptions) {
    this.#options = options;
  }

  /** Something is to be committed, soon. */
  note(partition: Partition): void {
    partition.isDirty = true;
    if (this.#cancel !== undefined || this.#work !== undefined) return;
    const { clock } = this.#options.ground;
    this.#cancel = clock.schedule(Math.max(0, this.#lastAt + INTERVAL_MS - clock.now()), () => {
      this.#cancel = undefined;
      void this.flush();
    });
  }

  /** Commits what has changed. Never rejects; what could not be committed is still to be. */
  async flush(): Promise<void> {
    this.#cancel?.();
    this.#cancel = undefined;
    while (this.#work !== undefined) await this.#work;
    this.#work = this.#commit().catch(() => undefined);
    await this.#work;
    this.#work = undefined;
    this.#lastAt = this.#options.ground.clock.now();
    this.#options.onCommitted();
    for (const partition of this.#options.partitions())
      if (partition.isDirty && !partition.isLost) return this.note(partition);
  }

  stop(): void {
    this.#cancel?.();
  }

  async #commit(): Promise<void> {
    const { cluster, membership, partitions, window } = this.#options;
    const { present } = membership;
    const dirty = [...partitions()].filter(({ isDirty, isLost }) => isDirty && !isLost);
    if (present === undefined || dirty.length === 0) return;
    const told = dirty.map((partition) => {
      const marked = partition.isLeaving ? 0 : window();
      const progress = partition.ledger.progress(marked);
      partition.isDirty = false;
      return { partition: partition.number, topic: partition.topic, of: partition, marked, progress };
    });
    const redo = (): void => told.forEach(({ of }) => (of.isDirty = true));
    try {
      const { responses } = await cluster.toCoordinator(
        present.groupId,
        [
          "OffsetCommit",
          {
            ...present,
            topics: byTopic(told, ({ partition, progress }) => ({
              partition,
              offset: String(progress.offset),
              metadata: writeProgress(progress),
            })),
          },
        ],
        membership.line,
      );
      const codes = new Map(
        responses.flatMap(({ topic, partitions: all }) =>
          all.map(({ partition, errorCode }) => [partitionName(topic, partition), errorCode] as const),
        ),
      );
      for (const { of, marked, progress } of told) {
        const code = codes.get(partitionName(of.topic, of.number)) ?? CODE.none;
        if (code !== CODE.none) this.#refused(of, code);
        else {
          of.ledger.marked = marked;
          of.committed = progress.offset;
        }
      }
    } catch (error) {
      redo();
      throw error;
    }
  }

  #refused(partition: Partition, code: number): void {
    const { cluster, membership, tell } = this.#options;
    partition.isDirty = true;
    if (code === CODE.unknownMember || code === CODE.illegalGeneration) {
      if (membership.present !== undefined && code === CODE.unknownMember) membership.expelled();
    } else if (code === CODE.notCoordinator) {
      cluster.forgetCoordinator(membership.present?.groupId ?? "");
    } else if (isForbidden(code)) {
      tell(forbidden(`READ on topic ${partition.topic} and group ${membership.present?.groupId}`));
    }
  }
}
