import type { Cancel, Ground } from "@waybill/core/transport";
import { OURS } from "./header-names.ts";
import type { Entry } from "./ledger.ts";
import { partitionName } from "./parcels.ts";
import type { Partition } from "./partition.ts";
import type { Publisher } from "./publisher.ts";
import type { Site } from "./sources.ts";
import { dueOf, headerOf, idOf, triesOf } from "./own-values.ts";
import { rewritten } from "./wire.ts";

/** How long a window is full before what waits behind it is handed on. */
const PATIENCE_MS = 1_000;
/** At most so many at a time, from each partition. */
const MOST = 100;

export interface HandOnOptions {
  readonly ground: Ground;
  readonly publisher: Publisher;
  readonly site: Site;
  /** Whether the window is full. */
  readonly isStuck: () => boolean;
  /** All that is in this member's hands. */
  readonly held: () => Iterable<Partition>;
  /** How many partitions there are to hand on to. */
  readonly partitions: () => number;
  readonly onSettled: (partition: Partition) => void;
}

/**
 * A partition has one owner, and a member whose window stays full would keep from the others what lies in its partitions.
 * Of what has no order it is written once more, into a partition of somebody else; each message once at most, for where
 * all are busy it would go round for ever.
 */
export class HandOn {
  readonly #options: HandOnOptions;
  #cancel: Cancel | undefined = undefined;
  #isOver = false;
  #turn = 0;

  constructor(options: HandOnOptions) {
    this.#options = options;
  }

  /** The window is full. */
  watch(): void {
    if (this.#cancel !== undefined || this.#isOver || this.#options.site.lanes !== undefined) return;
    this.#cancel = this.#options.ground.clock.schedule(PATIENCE_MS, () => {
      this.#cancel = undefined;
      if (!this.#options.isStuck()) return;
      this.#pass();
      this.watch();
    });
  }

  /** Something was settled. */
  rest(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }

  stop(): void {
    this.#isOver = true;
    this.rest();
  }

  #pass(): void {
    const { site, held, partitions } = this.#options;
    const mine = [...held()].filter(({ isLater, isLeaving, isLost }) => !isLater && !isLeaving && !isLost);
    const numbers = new Set(mine.map(({ number }) => number));
    const others = Array.from({ length: partitions() }, (_, at) => at).filter((at) => !numbers.has(at));
    if (others.length === 0 || site.later === undefined) return;
    for (const partition of mine) {
      const kept: Entry[] = [];
      for (let count = 0; count < MOST; count++) {
        const entry = partition.ledger.take();
        if (entry === undefined) break;
        if (headerOf(entry.record, OURS.handedOn) === undefined) void this.#give(partition, entry, others);
        else kept.push(entry);
      }
      for (const entry of kept) partition.ledger.giveBack(entry);
    }
  }

  async #give(partition: Partition, entry: Entry, others: readonly number[]): Promise<void> {
    const { ground, publisher, site, onSettled } = this.#options;
    this.#turn += 1;
    const result = await publisher.write(
      { topic: site.own, partition: others[this.#turn % others.length] },
      rewritten(
        entry.record,
        {
          id: idOf(entry.record, partitionName(partition.topic, partition.number)),
          attempts: triesOf(entry.record) + entry.vain,
          due: dueOf(entry.record, ground.clock.now()),
          lane: undefined,
          isHandedOn: true,
        },
        ground.clock.now(),
      ),
    );
    if (result.ok) partition.ledger.settle(entry);
    else partition.ledger.giveBack(entry);
    onSettled(partition);
  }
}
