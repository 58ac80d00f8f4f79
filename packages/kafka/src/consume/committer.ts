import type { Cancel, Environment } from "@waybill/core/transport";
import type { Cluster } from "../connection/protocol/cluster.ts";
import { CODE, isForbidden } from "../connection/protocol/codes.ts";
import type { GroupMember } from "../lanes/group-member.ts";
import { partitionName } from "../topology/topic-partition.ts";
import { permissionLost, type Warn } from "../warnings.ts";
import type { AssignedPartition } from "./assigned-partition.ts";
import { writeMetadata } from "./offsets/commit-metadata.ts";
import { byTopic } from "./offsets/committed-offsets.ts";

/** The least time between two scheduled commits. */
const INTERVAL_MS = 100;

export interface CommitterOptions {
  readonly cluster: Cluster;
  readonly environment: Environment;
  readonly groupMember: GroupMember;
  readonly warn: Warn;
  /** Returns the partitions of this member. */
  readonly partitions: () => Iterable<AssignedPartition>;
  /** Returns how many messages of a partition this member may have in flight. */
  readonly window: () => number;
  readonly onCommitted: () => void;
}

/** Commits all changed partitions of a member together, with one request at a time. */
export class Committer {
  readonly #options: CommitterOptions;
  #lastAt = 0;
  #cancel: Cancel | undefined = undefined;
  #commitInFlight: Promise<void> | undefined = undefined;

  constructor(options: CommitterOptions) {
    this.#options = options;
  }

  /** Marks a partition as changed, and commits it within the interval. */
  schedule(partition: AssignedPartition): void {
    partition.isDirty = true;
    if (this.#cancel !== undefined || this.#commitInFlight !== undefined) return;
    const { clock } = this.#options.environment;
    this.#cancel = clock.schedule(Math.max(0, this.#lastAt + INTERVAL_MS - clock.now()), () => {
      this.#cancel = undefined;
      void this.flush();
    });
  }

  /** Commits all changes at once. Never rejects; a partition whose commit failed stays marked as changed. */
  async flush(): Promise<void> {
    this.#cancel?.();
    this.#cancel = undefined;
    while (this.#commitInFlight !== undefined) await this.#commitInFlight;
    this.#commitInFlight = this.#commit().catch(() => undefined);
    await this.#commitInFlight;
    this.#commitInFlight = undefined;
    this.#lastAt = this.#options.environment.clock.now();
    this.#options.onCommitted();
    for (const partition of this.#options.partitions())
      if (partition.isDirty && !partition.isLost) return this.schedule(partition);
  }

  stop(): void {
    this.#cancel?.();
  }

  async #commit(): Promise<void> {
    const { cluster, groupMember, partitions, window } = this.#options;
    const { identity } = groupMember;
    const dirty = [...partitions()].filter(({ isDirty, isLost }) => isDirty && !isLost);
    if (identity === undefined || dirty.length === 0) return;
    const commits = dirty.map((owned) => {
      const committedWindow = owned.isLeaving ? 0 : window();
      const state = owned.tracker.commitState(committedWindow);
      owned.isDirty = false;
      return { partition: owned.number, topic: owned.topic, owned, committedWindow, state };
    });
    try {
      const { responses } = await cluster.toCoordinator(
        identity.groupId,
        [
          "OffsetCommit",
          {
            ...identity,
            topics: byTopic(commits, ({ partition, state }) => ({
              partition,
              offset: String(state.offset),
              metadata: writeMetadata(state),
            })),
          },
        ],
        groupMember.purpose,
      );
      const codes = new Map(
        responses.flatMap(({ topic, partitions: all }) =>
          all.map(({ partition, errorCode }) => [partitionName(topic, partition), errorCode] as const),
        ),
      );
      for (const { owned, committedWindow, state } of commits) {
        const code = codes.get(partitionName(owned.topic, owned.number)) ?? CODE.none;
        if (code !== CODE.none) this.#onRefused(owned, code);
        else {
          owned.tracker.committedWindow = committedWindow;
          owned.committed = state.offset;
        }
      }
    } catch (error) {
      for (const { owned } of commits) owned.isDirty = true;
      throw error;
    }
  }

  #onRefused(partition: AssignedPartition, code: number): void {
    const { cluster, groupMember, warn } = this.#options;
    partition.isDirty = true;
    if (code === CODE.unknownMember || code === CODE.illegalGeneration) {
      if (groupMember.identity !== undefined && code === CODE.unknownMember) groupMember.expel();
    } else if (code === CODE.notCoordinator) {
      cluster.forgetCoordinator(groupMember.identity?.groupId ?? "");
    } else if (isForbidden(code)) {
      warn(permissionLost(`READ on topic ${partition.topic} and group ${groupMember.identity?.groupId}`));
    }
  }
}
