import { sleep, type Problems } from "@waybill/core/transport-kit";
import type { Environment } from "@waybill/core/transport";
import { claimed } from "../lanes/assignor.ts";
import { begunAt } from "./offsets/resume-offsets.ts";
import type { Cluster } from "../connection/protocol/cluster.ts";
import { Fetcher } from "./fetcher.ts";
import type { GroupMember } from "../lanes/group-member.ts";
import { messagesLost, standing, type Tell } from "../warnings.ts";
import { committedOf, endsOf, type Committed, type PartitionOf } from "./offsets/committed-offsets.ts";
import { partitionName } from "../topology/partition-name.ts";
import type { AssignedPartition } from "./assigned-partition.ts";
import type { SourceTopics } from "../topology/sources.ts";
import { isRoom, partitionsIn } from "../lanes/assignable-units.ts";

const PAUSE_MS = 100;

export interface HoldingsOptions {
  readonly cluster: Cluster;
  readonly environment: Environment;
  readonly site: SourceTopics;
  readonly groupMember: GroupMember;
  readonly tell: Tell;
  readonly problems: Problems;
  /** Whether nothing is to be read but for the waiting rooms. */
  readonly isPaused: () => boolean;
  /** Whether a topic was deleted. */
  readonly isGone: (topic: string) => boolean;
  /** Topics were looked up. */
  readonly onLookedUp: () => void;
  readonly onRecords: () => void;
  /** A unit is there to be worked on. */
  readonly onTaken: () => void;
  /** A waiting room is to be left. */
  readonly leave: (partition: AssignedPartition) => void;
  /** Resolves when it was tried to commit all that has changed. */
  readonly commit: () => Promise<void>;
}

/** A unit in this member's hands. */
interface Holding {
  /** Those of which it is known where to go on. */
  partitions: readonly AssignedPartition[];
  /** It is not known yet of all partitions. */
  isTaking: boolean;
  isLeaving: boolean;
  isLost: boolean;
}

/** What a member has of its source: takes what it is given, reads it, and lets go of what others shall have. */
export class AssignedPartitions {
  readonly #options: HoldingsOptions;
  readonly #units = new Map<string, Holding>();
  /** Waiting rooms have a line of their own: they are many, and quiet. */
  readonly #lanes: Fetcher;
  readonly #rooms: Fetcher;
  #isResting = false;

  constructor(options: HoldingsOptions) {
    this.#options = options;
    this.#lanes = this.#fetcher(false);
    this.#rooms = this.#fetcher(true);
  }

  /** All partitions that are known. */
  *all(): Iterable<AssignedPartition> {
    for (const { partitions } of this.#units.values()) yield* partitions;
  }

  /** Whether something is to be committed. */
  get isDirty(): boolean {
    for (const { isDirty, isLost } of this.all()) if (isDirty && !isLost) return true;
    return false;
  }

  /** Those that messages may be handed out of. */
  open(): readonly AssignedPartition[] {
    return [...this.all()].filter(({ isLater, isLeaving, isLost }) => !isLater && !isLeaving && !isLost);
  }

  /** What this member claims when it joins. */
  claimed(): readonly string[] {
    return claimed(
      [...this.#units].map(([unit, { partitions, isLeaving }]) => ({
        unit,
        isLeaving,
        running: partitions.reduce((sum, { tracker }) => sum + tracker.running, 0),
      })),
    );
  }

  /** What it may hold from now on. */
  assign(units: ReadonlySet<string>): void {
    for (const [unit, holding] of this.#units) {
      const isLeaving = !units.has(unit);
      if (isLeaving && !holding.isLeaving)
        for (const partition of holding.partitions) this.#options.leave(partition);
      holding.isLeaving = isLeaving;
      for (const partition of holding.partitions) {
        partition.isLeaving = isLeaving;
        if (isLeaving) partition.isDirty = true;
      }
      if (isLeaving) void this.#letGo(unit, holding);
    }
    this.#takeAll([...units].filter((unit) => !this.#units.has(unit)));
  }

  /**
   * Topics were looked up. What is gone is let go of: its records are nobody's any more, and the broker has forgotten the
   * group's place there. What was added, or is there again, is read from where the group is.
   */
  follow(): void {
    const { cluster, isGone } = this.#options;
    // A topic has fewer partitions than before only if it was deleted and created again.
    const isThere = ({ topic, number }: AssignedPartition): boolean =>
      !isGone(topic) && (cluster.countOf(topic) === 0 || number < cluster.countOf(topic));
    for (const [unit, holding] of this.#units) {
      for (const partition of holding.partitions) {
        if (isThere(partition)) continue;
        partition.isLost = true;
        this.#options.leave(partition);
      }
      holding.partitions = holding.partitions.filter(isThere);
      if (!holding.isTaking && !holding.isLeaving && this.#missingIn(unit, holding).length > 0)
        void this.#complete(unit, holding);
    }
  }

  /** A message of a partition is settled: it may be the last one before it is let go. */
  look(partition: AssignedPartition): void {
    if (!partition.isLeaving) return;
    for (const [unit, holding] of this.#units)
      if (holding.partitions.includes(partition)) void this.#letGo(unit, holding);
  }

  read(): void {
    this.#lanes.poke();
    this.#rooms.poke();
  }

  /** Nothing more is begun. */
  rest(): void {
    this.#isResting = true;
    for (const partition of this.all()) if (partition.isLater) this.#options.leave(partition);
  }

  /** What is finished is all that will be. */
  letGoOfAll(): void {
    for (const partition of this.all()) {
      partition.isLeaving = true;
      partition.isDirty = true;
    }
  }

  /** All of it may be in other hands. */
  loseAll(): void {
    for (const [unit, holding] of this.#units) {
      holding.isLost = true;
      for (const partition of holding.partitions) {
        partition.isLost = true;
        this.#options.leave(partition);
      }
      this.#units.delete(unit);
    }
  }

  stop(): void {
    this.loseAll();
    this.#lanes.stop();
    this.#rooms.stop();
  }

  #fetcher(isRooms: boolean): Fetcher {
    return new Fetcher({
      cluster: this.#options.cluster,
      environment: this.#options.environment,
      wanted: () => this.#wanted(isRooms),
      onRecords: ({ topic, number }, records, next) => {
        const partition = this.#find(topic, number);
        if (partition === undefined || partition.tracker.next > next) return;
        const before = partition.tracker.offset;
        partition.tracker.add(records, next);
        // What is no message is settled by being read.
        if (partition.tracker.offset !== before) partition.isDirty = true;
        this.#options.onRecords();
      },
      onOutOfRange: ({ topic, number }) => this.#skip(topic, number),
      onLookedUp: this.#options.onLookedUp,
      tell: this.#options.tell,
      problems: this.#options.problems,
    });
  }

  #find(topic: string, number: number): AssignedPartition | undefined {
    for (const partition of this.all())
      if (partition.topic === topic && partition.number === number) return partition;
    return undefined;
  }

  #wanted(isRooms: boolean): ReturnType<ConstructorParameters<typeof Fetcher>[0]["wanted"]> {
    const isPaused = this.#options.isPaused();
    const open = [...this.all()].filter(({ isLeaving, isLost }) => !isLeaving && !isLost);
    const isWanted = !this.#isResting && (isRooms || !isPaused);
    const all = isWanted ? open.filter(({ isLater }) => isLater === isRooms) : [];
    for (const { topic, number, tracker } of all)
      if (tracker.isAtEnd && !isRooms) this.#options.tell(standing(topic, number, tracker.offset));
    const hungry = all.filter(({ tracker }) => tracker.isHungry);
    return {
      partitions: hungry.map(({ topic, number, tracker }) => ({ topic, number, next: tracker.next })),
      isPart: hungry.length < all.length || this.#isTaking,
    };
  }

  /** Whether it is not known of something where to go on. */
  get #isTaking(): boolean {
    for (const { isTaking } of this.#units.values()) if (isTaking) return true;
    return false;
  }

  /** Asks for all at once where to go on. */
  #takeAll(units: readonly string[]): void {
    if (units.length === 0) return;
    const { cluster, site } = this.#options;
    const parts = units.flatMap((unit) => this.#partsOf(unit));
    const committed = committedOf(cluster, site.groupId, parts);
    committed.catch(() => undefined); // each asks again for itself
    for (const unit of units) {
      const holding: Holding = { partitions: [], isTaking: false, isLeaving: false, isLost: false };
      this.#units.set(unit, holding);
      void this.#complete(unit, holding, committed);
    }
  }

  /** Goes on where the last owner has left off, with all partitions of a unit that are not read yet. */
  async #complete(unit: string, holding: Holding, asked?: Promise<readonly Committed[]>): Promise<void> {
    const { cluster, environment } = this.#options;
    holding.isTaking = true;
    for (let committed = asked; !holding.isLost && !this.#isResting; committed = undefined) {
      const parts = this.#missingIn(unit, holding);
      try {
        const { site } = this.#options;
        const begun = await begunAt(parts, committed, { cluster, site, isLater: isRoom(unit) });
        if (holding.isLost) return;
        for (const partition of begun) partition.isLeaving = holding.isLeaving;
        holding.partitions = [...holding.partitions, ...begun];
        holding.isTaking = false;
        break;
      } catch {
        await sleep(environment.clock, PAUSE_MS);
        await cluster.lookUp(parts.map(({ topic }) => topic)).catch(() => undefined);
      }
    }
    if (holding.isLeaving) await this.#letGo(unit, holding);
    else if (!holding.isLost && !this.#isResting) this.#options.onTaken();
  }

  #partsOf(unit: string): readonly PartitionOf[] {
    const { cluster, site } = this.#options;
    return partitionsIn(site, (topic) => cluster.countOf(topic), unit);
  }

  #missingIn(unit: string, { partitions }: Holding): readonly PartitionOf[] {
    const held = new Set(partitions.map(({ topic, number }) => partitionName(topic, number)));
    return this.#partsOf(unit).filter(({ topic, partition }) => !held.has(partitionName(topic, partition)));
  }

  /** Gives a unit up once nothing of it runs and that is committed. */
  async #letGo(unit: string, holding: Holding): Promise<void> {
    const { commit, groupMember, environment } = this.#options;
    const isOver = (): boolean => this.#units.get(unit) !== holding || !holding.isLeaving || this.#isResting;
    while (!isOver() && !holding.partitions.some(({ tracker }) => tracker.running > 0)) {
      if (!holding.partitions.some(({ isDirty }) => isDirty)) {
        this.#units.delete(unit);
        for (const partition of holding.partitions) partition.isLost = true;
        groupMember.rejoin();
        return;
      }
      await commit();
      if (holding.partitions.some(({ isDirty }) => isDirty)) await sleep(environment.clock, PAUSE_MS);
    }
  }

  /** What was to be read is gone: that is said, and never passed over. */
  async #skip(topic: string, number: number): Promise<void> {
    const partition = this.#find(topic, number);
    if (partition === undefined) return;
    const starts = await endsOf(this.#options.cluster, [{ topic, partition: number }], "earliest").catch(
      () => undefined,
    );
    const start = starts?.get(partitionName(topic, number));
    const { tracker } = partition;
    // What is still in hand comes first.
    if (start === undefined || partition.isLost || tracker.waiting + tracker.running > 0)
      return sleep(this.#options.environment.clock, PAUSE_MS);
    const { tell, site } = this.#options;
    tell(messagesLost({ topic, number, next: tracker.next }, site.groupId, start));
    tracker.jump(start);
    partition.isDirty = true;
    this.#options.onRecords();
  }
}
