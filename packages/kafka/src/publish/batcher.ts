/** What a batcher is told by its adapter. */
export interface BatcherOptions<Item, Result> {
  /** Carries out a batch: one result each, in the same order. Never called while another batch is on its way. */
  readonly flush: (items: readonly Item[]) => Promise<readonly Result[]>;
  /** The largest batch. */
  readonly most: number;
  /** How many items may wait; what comes beyond gets the result of `overflow` at once. */
  readonly capacity: number;
  readonly overflow: (item: Item) => Result;
  /** The result of an item whose batch was rejected, or was answered with another number of results. */
  readonly failed: (cause: unknown, item: Item) => Result;
}

/** Forms batches of what arrives together, without timers: an idle batcher adds no delay, a busy one fills its batches. */
export interface Batcher<Item, Result> {
  /** Resolves with the item's result. Never rejects. */
  add(item: Item): Promise<Result>;
  /** The same for several, kept in order. */
  addAll(items: readonly Item[]): Promise<readonly Result[]>;
  /** How many items wait for the batch on its way. */
  readonly waiting: number;
  /** Resolves once nothing waits and no batch is on its way. */
  idle(): Promise<void>;
}

interface Waiting<Item, Result> {
  readonly item: Item;
  readonly settle: (result: Result) => void;
}

/**
 * One batch in flight; what arrives meanwhile is the next one. Order is kept. The first item starts a batch in the
 * microtask after the call, so that what is added in one go travels together.
 */
export function createBatcher<Item, Result>(options: BatcherOptions<Item, Result>): Batcher<Item, Result> {
  return new OneInFlight(options);
}

class OneInFlight<Item, Result> implements Batcher<Item, Result> {
  readonly #options: BatcherOptions<Item, Result>;
  #waiting: Waiting<Item, Result>[] = [];
  #isBusy = false;
  #whenIdle: (() => void)[] = [];

  constructor(options: BatcherOptions<Item, Result>) {
    this.#options = options;
  }

  get waiting(): number {
    return this.#waiting.length;
  }

  add(item: Item): Promise<Result> {
    if (this.#waiting.length >= this.#options.capacity) return Promise.resolve(this.#options.overflow(item));
    return new Promise((settle) => {
      this.#waiting.push({ item, settle });
      if (this.#isBusy) return;
      this.#isBusy = true;
      queueMicrotask(() => void this.#run());
    });
  }

  addAll(items: readonly Item[]): Promise<readonly Result[]> {
    return Promise.all(items.map((item) => this.add(item)));
  }

  idle(): Promise<void> {
    return this.#isBusy ? new Promise((resolve) => this.#whenIdle.push(resolve)) : Promise.resolve();
  }

  async #run(): Promise<void> {
    while (this.#waiting.length > 0) {
      const batch = this.#waiting.splice(0, this.#options.most);
      const results = await this.#flush(batch.map(({ item }) => item));
      for (const [at, { item, settle }] of batch.entries())
        settle(at in results ? (results[at] as Result) : this.#options.failed(WRONG_NUMBER, item));
    }
    this.#isBusy = false;
    for (const resolve of this.#whenIdle.splice(0)) resolve();
  }

  async #flush(items: readonly Item[]): Promise<readonly Result[]> {
    try {
      const results = await this.#options.flush(items);
      return results.length === items.length ? results : [];
    } catch (cause) {
      return items.map((item) => this.#options.failed(cause, item));
    }
  }
}

const WRONG_NUMBER: Error = new RangeError("a batch was answered with another number of results");
