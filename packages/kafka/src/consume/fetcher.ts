import { sleep, type Problems } from "@waybill/core/transport-kit";
import type { Cancel, Environment } from "@waybill/core/transport";
import { CODE, isForbidden } from "../connection/protocol/codes.ts";
import type { Cluster } from "../connection/protocol/cluster.ts";
import type { FetchAnswer, FetchedPartition } from "../connection/protocol/protocol.ts";
import type { RawRecord } from "../connection/protocol/records/record.ts";
import { partitionName } from "../topology/topic-partition.ts";
import { partitionUnreadable, permissionLost, type Warn } from "../warnings.ts";

/**
 * How long a broker may hold a fetch open for new records. Short while further partitions may become readable, because
 * they join only the next fetch.
 */
const WAIT_MS = { whole: 250, partial: 20 } as const;
const BYTES = { partition: 1_048_576, all: 16_777_216 } as const;
const PAUSE_MS = 100;
/** The pause before an unreadable batch is fetched again; it doubles each time. */
const UNREADABLE_PAUSE_MS = { first: 1_000, longest: 60_000 } as const;

/** The offset at which the next fetch of a partition begins. */
export interface FetchPosition {
  readonly topic: string;
  readonly number: number;
  readonly next: number;
}

/** The partitions to read now. */
export interface FetchPlan {
  readonly partitions: readonly FetchPosition[];
  /** Whether other partitions may become readable at any moment. */
  readonly isPartial: boolean;
}

export interface FetcherOptions {
  readonly cluster: Cluster;
  readonly environment: Environment;
  /** Called before every fetch. */
  readonly plan: () => FetchPlan;
  /** Takes records in ascending order, from the requested offset on. The next fetch begins at `next`. */
  readonly onRecords: (position: FetchPosition, records: readonly RawRecord[], next: number) => void;
  /**
   * Called when the requested offset does not exist on the broker. Nothing is fetched from the leader until the
   * promise resolves.
   */
  readonly onOutOfRange: (position: FetchPosition) => Promise<void>;
  /** Called after a look-up of the topics, which follows when a leader has moved. */
  readonly onLookedUp?: () => void;
  readonly warn: Warn;
  /** Records the partitions whose next batch this process cannot decode. */
  readonly problems: Problems;
}

/** Reads partitions, with one fetch at a time for each leader, so that no leader waits for another. */
export class Fetcher {
  readonly #options: FetcherOptions;
  readonly #purpose: string;
  readonly #busyLeaders = new Set<number>();
  readonly #unreadable = new Map<string, UnreadablePause>();
  #isOver = false;

  constructor(options: FetcherOptions) {
    this.#options = options;
    this.#purpose = options.cluster.newPurpose("fetch");
  }

  /** Starts a fetch at every leader that has something to read and none running. */
  fetchFromIdleLeaders(): void {
    if (this.#isOver) return;
    const { partitions } = this.#options.plan();
    for (const { topic, number } of partitions) {
      if (this.#isPaused(topic, number)) continue;
      const leader = this.#options.cluster.leaderOf(topic, number);
      if (!this.#busyLeaders.has(leader)) void this.#read(leader);
    }
  }

  stop(): void {
    this.#isOver = true;
    for (const { cancel } of this.#unreadable.values()) cancel?.();
    this.#unreadable.clear();
    this.#options.cluster.closePurpose(this.#purpose);
  }

  /** Fetches from a leader until nothing more is planned for it. */
  async #read(leader: number): Promise<void> {
    this.#busyLeaders.add(leader);
    try {
      while (!this.#isOver && (await this.#fetch(leader)));
    } catch {
      await this.#lookUp();
    }
    this.#busyLeaders.delete(leader);
    this.fetchFromIdleLeaders();
  }

  async #lookUp(): Promise<void> {
    const { cluster, environment, plan, onLookedUp } = this.#options;
    await sleep(environment.clock, PAUSE_MS);
    if (this.#isOver) return;
    const topics = [...new Set(plan().partitions.map(({ topic }) => topic))];
    await cluster.lookUp(topics).then(onLookedUp, () => undefined);
  }

  /** Returns false when nothing is planned for the leader. */
  async #fetch(leader: number): Promise<boolean> {
    const { cluster, plan } = this.#options;
    const { partitions, isPartial } = plan();
    const positions = partitions.filter(
      ({ topic, number }) => cluster.leaderOf(topic, number) === leader && !this.#isPaused(topic, number),
    );
    if (positions.length === 0) return false;
    if (leader < 0) throw new Error("a partition has no leader at the moment");
    const answer = await this.#request(leader, positions, isPartial ? WAIT_MS.partial : WAIT_MS.whole);
    if (!this.#isOver) await this.#take(answer, positions);
    return !this.#isOver;
  }

  #request(leader: number, positions: readonly FetchPosition[], maxWaitTime: number): Promise<FetchAnswer> {
    const topics = [...new Set(positions.map(({ topic }) => topic))].map((name) => ({
      topic: name,
      partitions: positions
        .filter(({ topic }) => topic === name)
        .map(({ number, next }) => ({
          partition: number,
          fetchOffset: String(next),
          maxBytes: BYTES.partition,
        })),
    }));
    return this.#options.cluster.toNode(
      leader,
      [
        "Fetch",
        {
          replicaId: -1,
          isolationLevel: 1,
          maxWaitTime,
          minBytes: 1,
          maxBytes: BYTES.all,
          rackId: "",
          topics,
        },
      ],
      this.#purpose,
    );
  }

  async #take({ errorCode, responses }: FetchAnswer, positions: readonly FetchPosition[]): Promise<void> {
    let isMoved = errorCode !== CODE.none;
    for (const { topicName, partitions: fetched } of responses)
      for (const each of fetched) {
        const position = positions.find(
          ({ topic, number }) => topic === topicName && number === each.partition,
        );
        if (position === undefined) continue;
        if (each.errorCode === CODE.offsetOutOfRange) await this.#options.onOutOfRange(position);
        else if (each.errorCode !== CODE.none) {
          isMoved = true;
          if (isForbidden(each.errorCode)) this.#options.warn(permissionLost(`READ on topic ${topicName}`));
        } else this.#pass(position, each);
      }
    if (isMoved) await this.#lookUp();
  }

  #pass(position: FetchPosition, { records, next, unreadable: reason }: FetchedPartition): void {
    const name = partitionName(position.topic, position.number);
    if (reason !== undefined) return this.#pauseUnreadable(position, reason);
    if (next !== undefined) {
      if (this.#unreadable.delete(name)) this.#options.problems.clear(name);
      // The broker answers with whole batches, also when the requested offset lies inside one.
      const isWanted = (records[0]?.offset ?? position.next) >= position.next;
      this.#options.onRecords(
        position,
        isWanted ? records : records.filter(({ offset }) => offset >= position.next),
        next,
      );
    }
  }

  #isPaused(topic: string, number: number): boolean {
    return this.#unreadable.get(partitionName(topic, number))?.cancel !== undefined;
  }

  /** Fetches an unreadable batch again after a pause: by then the leader may have moved, or a codec be registered. */
  #pauseUnreadable(position: FetchPosition, reason: string): void {
    const name = partitionName(position.topic, position.number);
    const { environment, problems } = this.#options;
    const pauseMs = Math.min(
      UNREADABLE_PAUSE_MS.longest,
      2 * (this.#unreadable.get(name)?.pauseMs ?? UNREADABLE_PAUSE_MS.first / 2),
    );
    const pause: UnreadablePause = { pauseMs, cancel: undefined };
    pause.cancel = environment.clock.schedule(pauseMs, () => {
      pause.cancel = undefined;
      this.fetchFromIdleLeaders();
    });
    this.#unreadable.set(name, pause);
    problems.set(name, partitionUnreadable(position, reason));
  }
}

/** The pause of a partition whose next batch cannot be read. */
interface UnreadablePause {
  readonly pauseMs: number;
  /** Ends the pause; absent once it is over. */
  cancel: Cancel | undefined;
}
