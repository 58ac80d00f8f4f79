import { sleep, type Problems } from "@waybill/core/transport-kit";
import type { Cancel, Environment } from "@waybill/core/transport";
import { CODE, isForbidden } from "../connection/protocol/codes.ts";
import type { Cluster } from "../connection/protocol/cluster.ts";
import type { FetchedPartition, RawRecord } from "../connection/protocol/protocol.ts";
import { forbidden, unreadable, type Tell } from "../warnings.ts";
import { partitionName } from "../topology/partition-name.ts";

/** How long a broker waits for something to come; short, for what is wanted meanwhile is asked for only then. */
const WAIT_MS = { all: 250, some: 20 } as const;
const BYTES = { partition: 1_048_576, all: 16_777_216 } as const;
const PAUSE_MS = 100;
/** Until what cannot be read is fetched once more: longer each time. */
const STANDING_MS = { first: 1_000, longest: 60_000 } as const;

/** Something to read: where it is, and from where on. */
export interface Wanted {
  readonly topic: string;
  readonly number: number;
  readonly next: number;
}

export interface FetcherOptions {
  readonly cluster: Cluster;
  readonly environment: Environment;
  /** Asked before every fetch: what is wanted now, and whether there is more that may be wanted any moment. */
  readonly wanted: () => { readonly partitions: readonly Wanted[]; readonly isPart: boolean };
  /** Ascending from the offset that was asked for; `next` is where the next fetch begins. */
  readonly onRecords: (of: Wanted, records: readonly RawRecord[], next: number) => void;
  /** What was to be read is not there any more. Nothing is read until it has resolved. */
  readonly onOutOfRange: (of: Wanted) => Promise<void>;
  /** Topics were looked up, because something was not where it was expected. */
  readonly onLookedUp?: () => void;
  /** Told of what may not be read any more. */
  readonly tell: Tell;
  /** Of what cannot be read by this process: it is read no further until it can be. */
  readonly problems: Problems;
}

/** Reads partitions, from each leader by itself: a fetch that waits for messages keeps no other. */
export class Fetcher {
  readonly #options: FetcherOptions;
  readonly #line: string;
  readonly #busy = new Set<number>();
  readonly #standing = new Map<string, Standing>();
  #isOver = false;

  constructor(options: FetcherOptions) {
    this.#options = options;
    this.#line = options.cluster.newLine("fetch");
  }

  /** Something may be wanted. */
  poke(): void {
    if (this.#isOver) return;
    const { partitions } = this.#options.wanted();
    for (const { topic, number } of partitions) {
      if (this.#isStanding(topic, number)) continue;
      const leader = this.#options.cluster.leaderOf(topic, number);
      if (!this.#busy.has(leader)) void this.#read(leader);
    }
  }

  stop(): void {
    this.#isOver = true;
    for (const { cancel } of this.#standing.values()) cancel?.();
    this.#standing.clear();
    this.#options.cluster.closeLine(this.#line);
  }

  /** As long as something is wanted of a leader. */
  async #read(leader: number): Promise<void> {
    this.#busy.add(leader);
    try {
      while (!this.#isOver && (await this.#fetch(leader)));
    } catch {
      await this.#lookUp();
    }
    this.#busy.delete(leader);
    this.poke();
  }

  async #lookUp(): Promise<void> {
    const { cluster, environment, wanted, onLookedUp } = this.#options;
    await sleep(environment.clock, PAUSE_MS);
    if (this.#isOver) return;
    const topics = [...new Set(wanted().partitions.map(({ topic }) => topic))];
    await cluster.lookUp(topics).then(onLookedUp, () => undefined);
  }

  /** False when nothing is wanted. */
  async #fetch(leader: number): Promise<boolean> {
    const { cluster, wanted } = this.#options;
    const { partitions, isPart } = wanted();
    const mine = partitions.filter(
      ({ topic, number }) => cluster.leaderOf(topic, number) === leader && !this.#isStanding(topic, number),
    );
    if (mine.length === 0) return false;
    if (leader < 0) throw new Error("a partition has no leader at the moment");
    await this.#fetchAll(leader, mine, isPart ? WAIT_MS.some : WAIT_MS.all);
    return !this.#isOver;
  }

  async #fetchAll(leader: number, mine: readonly Wanted[], maxWaitTime: number): Promise<void> {
    const { cluster } = this.#options;
    const topics = [...new Set(mine.map(({ topic }) => topic))].map((name) => ({
      topic: name,
      partitions: mine
        .filter(({ topic }) => topic === name)
        .map(({ number, next }) => ({
          partition: number,
          fetchOffset: String(next),
          maxBytes: BYTES.partition,
        })),
    }));
    const answer = await cluster.toNode(
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
      this.#line,
    );
    if (this.#isOver) return;
    let isMoved = answer.errorCode !== CODE.none;
    for (const { topicName, partitions: fetched } of answer.responses)
      for (const each of fetched) {
        const of = mine.find(({ topic, number }) => topic === topicName && number === each.partition);
        if (of === undefined) continue;
        if (each.errorCode === CODE.offsetOutOfRange) await this.#options.onOutOfRange(of);
        else if (each.errorCode !== CODE.none) {
          isMoved = true;
          if (isForbidden(each.errorCode)) this.#options.tell(forbidden(`READ on topic ${topicName}`));
        } else this.#pass(of, each);
      }
    if (isMoved) await this.#lookUp();
  }

  #pass(of: Wanted, { records, next, unreadable: reason }: FetchedPartition): void {
    const name = partitionName(of.topic, of.number);
    if (reason !== undefined) return this.#stand(of, reason);
    if (next !== undefined) {
      if (this.#standing.delete(name)) this.#options.problems.clear(name);
      // A fetch answers with whole batches, also where the offset asked for is in the middle of one.
      const isFrom = (records[0]?.offset ?? of.next) >= of.next;
      this.#options.onRecords(of, isFrom ? records : records.filter(({ offset }) => offset >= of.next), next);
    }
  }

  #isStanding(topic: string, number: number): boolean {
    return this.#standing.get(partitionName(topic, number))?.cancel !== undefined;
  }

  /** What cannot be read is fetched again after a while: its leader may have moved, and a codec be installed. */
  #stand(of: Wanted, reason: string): void {
    const name = partitionName(of.topic, of.number);
    const { environment, problems } = this.#options;
    const pauseMs = Math.min(
      STANDING_MS.longest,
      2 * (this.#standing.get(name)?.pauseMs ?? STANDING_MS.first / 2),
    );
    const standing: Standing = { pauseMs, cancel: undefined };
    standing.cancel = environment.clock.schedule(pauseMs, () => {
      standing.cancel = undefined;
      this.poke();
    });
    this.#standing.set(name, standing);
    problems.set(name, unreadable(of, reason));
  }
}

/** A partition that is read no further. */
interface Standing {
  readonly pauseMs: number;
  /** Ends the pause; absent once it is over. */
  cancel: Cancel | undefined;
}
