import type { Cancel, Environment } from "@waybill/core/transport";
import { CODE, isForbidden } from "../connection/protocol/codes.ts";
import type { Cluster } from "../connection/protocol/cluster.ts";
import type { GroupMember } from "../lanes/group-member.ts";
import { forbidden, type Tell } from "../warnings.ts";
import { byTopic } from "./offsets/committed-offsets.ts";
import { partitionName } from "../topology/partition-name.ts";
import type { AssignedPartition } from "./assigned-partition.ts";
import { writeProgress } from "./offsets/commit-metadata.ts";

/** Between two commits, unless somebody waits for one. */
const INTERVAL_MS = 100;

export interface CommitterOptions {
  readonly cluster: Cluster;
  readonly environment: Environment;
  readonly groupMember: GroupMember;
  readonly tell: Tell;
  /** All that is in this member's hands. */
  readonly partitions: () => Iterable<AssignedPartition>;
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
  note(partition: AssignedPartition): void {
    partition.isDirty = true;
    if (this.#cancel !== undefined || this.#work !== undefined) return;
    const { clock } = this.#options.environment;
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
    this.#lastAt = this.#options.environment.clock.now();
    this.#options.onCommitted();
    for (const partition of this.#options.partitions())
      if (partition.isDirty && !partition.isLost) return this.note(partition);
  }

  stop(): void {
    this.#cancel?.();
  }

  async #commit(): Promise<void> {
    const { cluster, groupMember, partitions, window } = this.#options;
    const { present } = groupMember;
    const dirty = [...partitions()].filter(({ isDirty, isLost }) => isDirty && !isLost);
    if (present === undefined || dirty.length === 0) return;
    const told = dirty.map((partition) => {
      const marked = partition.isLeaving ? 0 : window();
      const progress = partition.tracker.progress(marked);
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
        groupMember.line,
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
          of.tracker.marked = marked;
          of.committed = progress.offset;
        }
      }
    } catch (error) {
      redo();
      throw error;
    }
  }

  #refused(partition: AssignedPartition, code: number): void {
    const { cluster, groupMember, tell } = this.#options;
    partition.isDirty = true;
    if (code === CODE.unknownMember || code === CODE.illegalGeneration) {
      if (groupMember.present !== undefined && code === CODE.unknownMember) groupMember.expelled();
    } else if (code === CODE.notCoordinator) {
      cluster.forgetCoordinator(groupMember.present?.groupId ?? "");
    } else if (isForbidden(code)) {
      tell(forbidden(`READ on topic ${partition.topic} and group ${groupMember.present?.groupId}`));
    }
  }
}
