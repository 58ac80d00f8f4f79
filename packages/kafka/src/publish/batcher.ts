/** The options of a batcher. */
export interface BatcherOptions<Item, Result> {
  /** Carries out a batch, and returns one result for each item, in the same order. Never called while another batch is in flight. */
  readonly flush: (items: readonly Item[]) => Promise<readonly Result[]>;
  /** The largest batch. */
  readonly most: number;
  /** How many items may wait. Each further item gets the result of `overflow` at once. */
  readonly capacity: number;
  readonly overflow: (item: Item) => Result;
  /** Returns the result of an item whose batch was rejected, or got a wrong number of results. */
  readonly failed: (cause: unknown, item: Item) => Result;
}

/** Forms batches of items that arrive together, without timers: an idle batcher adds no delay, a busy one fills its batches. */
export interface Batcher<Item, Result> {
  /** Adds an item. Resolves with its result, and never rejects. */
  add(item: Item): Promise<Result>;
  /** Adds several items, in order. */
  addAll(items: readonly Item[]): Promise<readonly Result[]>;
  /** How many items wait for the batch in flight. */
  readonly waiting: number;
  /** Resolves once no item waits and no batch is in flight. */
  idle(): Promise<void>;
}

interface Waiting<Item, Result> {
  readonly item: Item;
  readonly settle: (result: Result) => void;
}

/**
 * Returns a batcher with one batch in flight; items that arrive meanwhile form the next batch, in order. The first item starts a
 * batch in the microtask after the call, so that items added in one go are in one batch.
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

const WRONG_NUMBER: Error = new RangeError("a batch got a wrong number of results");
