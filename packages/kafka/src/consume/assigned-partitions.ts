import { sleep, type Problems } from "@waybill/core/transport-kit";
import type { Environment } from "@waybill/core/transport";
import type { Cluster } from "../connection/protocol/cluster.ts";
import { isTier, partitionsIn } from "../lanes/assignable-units.ts";
import { keepOrder } from "../lanes/assignor.ts";
import type { GroupMember } from "../lanes/group-member.ts";
import type { SourceTopics } from "../topology/sources.ts";
import { partitionName, type TopicPartition } from "../topology/topic-partition.ts";
import type { Warn } from "../warnings.ts";
import type { AssignedPartition } from "./assigned-partition.ts";
import { committedOf, type CommittedOffset } from "./offsets/committed-offsets.ts";
import { resumePartitions } from "./offsets/resume-offsets.ts";
import { PartitionFetchers } from "./partition-fetchers.ts";

const PAUSE_MS = 100;

export interface AssignedPartitionsOptions {
  readonly cluster: Cluster;
  readonly environment: Environment;
  readonly sourceTopics: SourceTopics;
  readonly groupMember: GroupMember;
  readonly warn: Warn;
  readonly problems: Problems;
  /** Whether only delay tiers are read at the moment. */
  readonly isPaused: () => boolean;
  /** Whether a topic was deleted. */
  readonly isGone: (topic: string) => boolean;
  readonly onLookedUp: () => void;
  readonly onRecords: () => void;
  /** Called when all partitions of a unit can be read. */
  readonly onResumed: () => void;
  /** Ends the timers of a delay tier's messages. */
  readonly stopDelays: (partition: AssignedPartition) => void;
  /** Resolves after an attempt to commit all changes. */
  readonly commit: () => Promise<void>;
}

/** A unit that this member owns. */
interface OwnedUnit {
  /** The partitions of the unit whose start offsets are known. */
  partitions: readonly AssignedPartition[];
  /** Whether start offsets are being requested. */
  isResuming: boolean;
  isLeaving: boolean;
  isLost: boolean;
}

/** The partitions that this member owns: it acquires them as the group assigns them, reads them, and releases them. */
export class AssignedPartitions {
  readonly #options: AssignedPartitionsOptions;
  readonly #units = new Map<string, OwnedUnit>();
  readonly #fetchers: PartitionFetchers;
  #isStopped = false;

  constructor(options: AssignedPartitionsOptions) {
    this.#options = options;
    this.#fetchers = new PartitionFetchers({
      ...options,
      groupId: options.sourceTopics.groupId,
      partitions: () => this.all(),
      isStopped: () => this.#isStopped,
      isResuming: () => this.#isResuming,
    });
  }

  /** All partitions whose start offsets are known. */
  *all(): Iterable<AssignedPartition> {
    for (const { partitions } of this.#units.values()) yield* partitions;
  }

  /** Whether a commit is due. */
  get isDirty(): boolean {
    for (const { isDirty, isLost } of this.all()) if (isDirty && !isLost) return true;
    return false;
  }

  /** Returns the partitions from which messages may be dispatched. */
  dispatchable(): readonly AssignedPartition[] {
    return [...this.all()].filter(({ isDelay, isLeaving, isLost }) => !isDelay && !isLeaving && !isLost);
  }

  /** Returns the units that this member reports as owned when it joins, in the order in which it wants to keep them. */
  ownedUnits(): readonly string[] {
    return keepOrder(
      [...this.#units].map(([unit, { partitions, isLeaving }]) => ({
        unit,
        isLeaving,
        inFlight: partitions.reduce((sum, { tracker }) => sum + tracker.inFlight, 0),
      })),
    );
  }

  /** Applies the assignment of this member: releases units that are not in it, and acquires those that are new. */
  assign(units: ReadonlySet<string>): void {
    for (const [unit, owned] of this.#units) {
      const isLeaving = !units.has(unit);
      if (isLeaving && !owned.isLeaving)
        for (const partition of owned.partitions) this.#options.stopDelays(partition);
      owned.isLeaving = isLeaving;
      for (const partition of owned.partitions) {
        partition.isLeaving = isLeaving;
        if (isLeaving) partition.isDirty = true;
      }
      if (isLeaving) void this.#release(unit, owned);
    }
    this.#acquire([...units].filter((unit) => !this.#units.has(unit)));
  }

  /**
   * Adapts the owned partitions to the topics as of the last look-up. A partition that was deleted is dropped: the
   * broker has forgotten its records and the group's offset. A partition that is new, or exists again, is read from
   * the group's offset.
   */
  followTopics(): void {
    const { cluster, isGone } = this.#options;
    // A topic has fewer partitions than before only after it was deleted and created again.
    const exists = ({ topic, number }: AssignedPartition): boolean =>
      !isGone(topic) && (cluster.partitionCountOf(topic) === 0 || number < cluster.partitionCountOf(topic));
    for (const [unit, owned] of this.#units) {
      for (const partition of owned.partitions) {
        if (exists(partition)) continue;
        partition.isLost = true;
        this.#options.stopDelays(partition);
      }
      owned.partitions = owned.partitions.filter(exists);
      if (!owned.isResuming && !owned.isLeaving && this.#missingIn(unit, owned).length > 0)
        void this.#resume(unit, owned);
    }
  }

  /** Called after a settlement: it may have been the last one before the unit of its partition is released. */
  onSettled(partition: AssignedPartition): void {
    if (!partition.isLeaving) return;
    for (const [unit, owned] of this.#units)
      if (owned.partitions.includes(partition)) void this.#release(unit, owned);
  }

  fetch(): void {
    this.#fetchers.fetch();
  }

  /** Ends reading. Messages in flight can still be settled. */
  stopReading(): void {
    this.#isStopped = true;
    for (const partition of this.all()) if (partition.isDelay) this.#options.stopDelays(partition);
  }

  /** Marks all partitions for a last commit, by which this member gives them up. */
  leaveAll(): void {
    for (const partition of this.all()) {
      partition.isLeaving = true;
      partition.isDirty = true;
    }
  }

  /** Drops all units without a commit: other members may own them. */
  loseAll(): void {
    for (const [unit, owned] of this.#units) {
      owned.isLost = true;
      for (const partition of owned.partitions) {
        partition.isLost = true;
        this.#options.stopDelays(partition);
      }
      this.#units.delete(unit);
    }
  }

  end(): void {
    this.loseAll();
    this.#fetchers.stop();
  }

  get #isResuming(): boolean {
    for (const { isResuming } of this.#units.values()) if (isResuming) return true;
    return false;
  }

  /** Acquires units, with one request for all their committed offsets. */
  #acquire(units: readonly string[]): void {
    if (units.length === 0) return;
    const { cluster, sourceTopics } = this.#options;
    const parts = units.flatMap((unit) => this.#partitionsOf(unit));
    const committed = committedOf(cluster, sourceTopics.groupId, parts);
    committed.catch(() => undefined); // each unit then requests its own offsets
    for (const unit of units) {
      const owned: OwnedUnit = { partitions: [], isResuming: false, isLeaving: false, isLost: false };
      this.#units.set(unit, owned);
      void this.#resume(unit, owned, committed);
    }
  }

  /** Starts to read the partitions of a unit that are not read yet, from the group's committed offsets. */
  async #resume(unit: string, owned: OwnedUnit, asked?: Promise<readonly CommittedOffset[]>): Promise<void> {
    const { cluster, environment } = this.#options;
    owned.isResuming = true;
    for (let committed = asked; !owned.isLost && !this.#isStopped; committed = undefined) {
      const parts = this.#missingIn(unit, owned);
      try {
        const { sourceTopics } = this.#options;
        const resumed = await resumePartitions(parts, committed, {
          cluster,
          sourceTopics,
          isDelay: isTier(unit),
        });
        if (owned.isLost) return;
        for (const partition of resumed) partition.isLeaving = owned.isLeaving;
        owned.partitions = [...owned.partitions, ...resumed];
        owned.isResuming = false;
        break;
      } catch {
        await sleep(environment.clock, PAUSE_MS);
        await cluster.lookUp(parts.map(({ topic }) => topic)).catch(() => undefined);
      }
    }
    if (owned.isLeaving) await this.#release(unit, owned);
    else if (!owned.isLost && !this.#isStopped) this.#options.onResumed();
  }

  #partitionsOf(unit: string): readonly TopicPartition[] {
    const { cluster, sourceTopics } = this.#options;
    return partitionsIn(sourceTopics, (topic) => cluster.partitionCountOf(topic), unit);
  }

  #missingIn(unit: string, { partitions }: OwnedUnit): readonly TopicPartition[] {
    const known = new Set(partitions.map(({ topic, number }) => partitionName(topic, number)));
    return this.#partitionsOf(unit).filter(
      ({ topic, partition }) => !known.has(partitionName(topic, partition)),
    );
  }

  /** Releases a unit once nothing of it is in flight and its last state is committed. */
  async #release(unit: string, owned: OwnedUnit): Promise<void> {
    const { commit, groupMember, environment } = this.#options;
    const isOver = (): boolean => this.#units.get(unit) !== owned || !owned.isLeaving || this.#isStopped;
    while (!isOver() && !owned.partitions.some(({ tracker }) => tracker.inFlight > 0)) {
      if (!owned.partitions.some(({ isDirty }) => isDirty)) {
        this.#units.delete(unit);
        for (const partition of owned.partitions) partition.isLost = true;
        groupMember.rejoin();
        return;
      }
      await commit();
      if (owned.partitions.some(({ isDirty }) => isDirty)) await sleep(environment.clock, PAUSE_MS);
    }
  }
}
