import { AFTER_A_FAULT, type Deliver, type Delivery, type Settlement } from "../../spi/settlement.ts";

/** What a member reads from, as one of several: a queue, a lane. */
interface Feed<Out> {
  /** The next that waits; it counts as running from then on. */
  next(): Out | undefined;
}

export interface DeliveryDispatcherOptions<From, Out> {
  /** They take turns. */
  readonly feeds: readonly From[];
  readonly deliver: Deliver;
  /** Carries out the answer for a delivery that is still live, and calls {@link DeliveryDispatcher.free} once that is done. Never throws. */
  readonly settle: (from: From, delivery: Out, settlement: Settlement) => void;
}

/** For adapters: hands out what waits while there is room in a window over all that a member reads from. */
export class DeliveryDispatcher<
  From extends Feed<Out>,
  Out extends Delivery & {
    /** Until it is settled or taken back: later answers are ignored. */
    readonly isLive: boolean;
  },
> {
  readonly #options: DeliveryDispatcherOptions<From, Out>;
  #window = 0;
  #running = 0;
  #turn = 0;
  #isStopped = false;

  constructor(options: DeliveryDispatcherOptions<From, Out>) {
    this.#options = options;
  }

  /** How many may run; 0 at first. A lower value takes effect as deliveries are settled. */
  get window(): number {
    return this.#window;
  }
  set window(window: number) {
    this.#window = window;
    this.dispatch();
  }

  /** Something waits: hands it out, feed by feed, as far as there is room. */
  dispatch(): void {
    const { feeds } = this.#options;
    let idle = 0;
    while (this.#running < this.#window && idle < feeds.length && !this.#isStopped) {
      const feed = feeds[this.#turn % feeds.length];
      this.#turn += 1;
      const delivery = feed?.next();
      if (feed === undefined || delivery === undefined) {
        idle += 1;
        continue;
      }
      idle = 0;
      this.#running += 1;
      this.#run(feed, delivery);
    }
  }

  /** So many are settled or were taken back. */
  free(count = 1): void {
    this.#running -= count;
    this.dispatch();
  }

  /** Hands out nothing more, for good. */
  stop(): void {
    this.#isStopped = true;
  }

  #run(feed: From, delivery: Out): void {
    const settle = (settlement: Settlement): void => {
      // What was taken back has freed its room then.
      if (delivery.isLive) this.#options.settle(feed, delivery, settlement);
    };
    // A consumer must not throw; one that does gets its message again, but neither at once nor without end.
    this.#call(delivery).then(settle, () => settle(AFTER_A_FAULT));
  }

  #call(delivery: Delivery): Promise<Settlement> {
    try {
      return this.#options.deliver(delivery);
    } catch (error) {
      return Promise.reject(error);
    }
  }
}
