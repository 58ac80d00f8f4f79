import { AFTER_A_FAULT, type Deliver, type Delivery, type Settlement } from "../../spi/settlement.ts";

/** One of the queues or lanes that a member reads. */
interface Feed<Out> {
  /** Returns the next delivery, which is in flight from then on; undefined when none waits. */
  next(): Out | undefined;
}

export interface DeliveryDispatcherOptions<From, Out> {
  /** The dispatcher reads them in turns. */
  readonly feeds: readonly From[];
  readonly deliver: Deliver;
  /** Settles a delivery that is still live, and calls {@link DeliveryDispatcher.free} afterwards. Never throws. */
  readonly settle: (from: From, delivery: Out, settlement: Settlement) => void;
}

/** For adapters: dispatches deliveries of several feeds to one consumer, up to a window over all of them. */
export class DeliveryDispatcher<
  From extends Feed<Out>,
  Out extends Delivery & {
    /** False once it is settled or revoked; a later settlement is ignored. */
    readonly isLive: boolean;
  },
> {
  readonly #options: DeliveryDispatcherOptions<From, Out>;
  #window = 0;
  #inFlight = 0;
  #turn = 0;
  #isStopped = false;

  constructor(options: DeliveryDispatcherOptions<From, Out>) {
    this.#options = options;
  }

  /** The most deliveries in flight; 0 at first. A lower value takes effect as deliveries are settled. */
  get window(): number {
    return this.#window;
  }
  set window(window: number) {
    this.#window = window;
    this.dispatch();
  }

  /** Dispatches waiting deliveries, feed by feed, up to the window. To be called when a delivery arrives. */
  dispatch(): void {
    const { feeds } = this.#options;
    let idle = 0;
    while (this.#inFlight < this.#window && idle < feeds.length && !this.#isStopped) {
      const feed = feeds[this.#turn % feeds.length];
      this.#turn += 1;
      const delivery = feed?.next();
      if (feed === undefined || delivery === undefined) {
        idle += 1;
        continue;
      }
      idle = 0;
      this.#inFlight += 1;
      this.#run(feed, delivery);
    }
  }

  /** To be called when deliveries were settled or revoked: dispatches the next ones. */
  free(count = 1): void {
    this.#inFlight -= count;
    this.dispatch();
  }

  /** Dispatches nothing more, for good. */
  stop(): void {
    this.#isStopped = true;
  }

  #run(feed: From, delivery: Out): void {
    const settle = (settlement: Settlement): void => {
      // A revoked delivery has left the window already.
      if (delivery.isLive) this.#options.settle(feed, delivery, settlement);
    };
    // A consumer must not throw. After one that does, the message is retried later, and the attempt counts.
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
