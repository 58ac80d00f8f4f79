import type { IncomingPipeline } from "../pipeline/incoming/incoming-pipeline.ts";
import type { MaybePromise } from "../pipeline/maybe-promise.ts";
import { IncomingMessage } from "../pipeline/incoming/incoming-message.ts";
import { apart } from "../runtime/apart.ts";
import type { Deliver, Delivery, Settlement } from "../spi/settlement.ts";
import type { Impairments } from "./lifecycle/impairments.ts";
import type { Subscription, Transport } from "../spi/transport.ts";
import type { PlannedConsumer } from "./plan/plan.ts";

export interface ReceiverParts {
  readonly transport: Transport;
  /** Creates the incoming pipeline of one subscription. */
  readonly pipeline: () => IncomingPipeline;
  /** Records the problems that the transport reports. */
  readonly impairments: Impairments;
}

/** The consuming side of a bus: one subscription for each source, each with a pipeline of its own. */
export class Receiver {
  readonly #parts: ReceiverParts;
  #open: { readonly subscription: Subscription; readonly window: number }[] = [];

  constructor(parts: ReceiverParts) {
    this.#parts = parts;
  }

  /** Subscribes to all sources, without credit yet. @param retry retries a subscription while the broker is unreachable */
  async subscribe(
    consumers: readonly PlannedConsumer[],
    retry: (subscribe: () => Promise<Subscription>) => Promise<Subscription>,
  ): Promise<void> {
    const { transport, impairments } = this.#parts;
    await Promise.all(
      consumers.map(async (consumer) => {
        const report = impairments.reportOn(consumer.source);
        const deliver = this.#deliverTo(consumer);
        const subscription = await retry(() => transport.subscribe(consumer.source, deliver, report));
        this.#open.push({ subscription, window: consumer.concurrency });
      }),
    );
  }

  /** Gives all subscriptions their credit: no handler runs before every service has subscribed. */
  open(): void {
    for (const { subscription, window } of this.#open) subscription.credit(window);
  }

  /** Drains all subscriptions: running handlers finish until the deadline, and all other messages are released. */
  async drain(deadline: number): Promise<void> {
    await Promise.all(this.#open.splice(0).map(({ subscription }) => subscription.drain(deadline)));
  }

  #deliverTo(consumer: PlannedConsumer): Deliver {
    const { run } = this.#parts.pipeline();
    const handle = (delivery: Delivery): MaybePromise<Settlement> =>
      run(new IncomingMessage(consumer, delivery));
    return (delivery) => {
      // Each message starts in an empty asynchronous context: one handler's context must not reach the next handler.
      const settlement = apart(handle, delivery);
      return settlement instanceof Promise ? settlement : Promise.resolve(settlement);
    };
  }
}
