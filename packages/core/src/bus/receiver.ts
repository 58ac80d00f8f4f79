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
  readonly pipeline: () => IncomingPipeline;
  /** The problems that the transport reports of its sources. */
  readonly impairments: Impairments;
}

/** The consuming side of a bus: one subscription per source, each with its own pipeline. */
export class Receiver {
  readonly #transport: Transport;
  readonly #pipeline: () => IncomingPipeline;
  readonly #impairments: Impairments;
  #open: { readonly subscription: Subscription; readonly window: number }[] = [];

  /** @param parts `pipeline` makes the incoming pipeline anew for each subscription. */
  constructor({ transport, pipeline, impairments }: ReceiverParts) {
    this.#transport = transport;
    this.#pipeline = pipeline;
    this.#impairments = impairments;
  }

  /** Subscribes to all sources, still closed. @param patiently tries again what fails for want of a broker */
  async subscribe(
    consumers: readonly PlannedConsumer[],
    patiently: (subscribe: () => Promise<Subscription>) => Promise<Subscription>,
  ): Promise<void> {
    await Promise.all(
      consumers.map(async (consumer) => {
        const report = this.#impairments.reportOn(consumer.source);
        const deliver = this.#deliverTo(consumer);
        const subscription = await patiently(() =>
          this.#transport.subscribe(consumer.source, deliver, report),
        );
        this.#open.push({ subscription, window: consumer.concurrency });
      }),
    );
  }

  /** Opens all sources together: no handler runs before every service hears. */
  open(): void {
    for (const { subscription, window } of this.#open) subscription.credit(window);
  }

  /** Stops the intake, finishes what runs, gives back the rest. */
  async drain(deadline: number): Promise<void> {
    await Promise.all(this.#open.splice(0).map(({ subscription }) => subscription.drain(deadline)));
  }

  #deliverTo(consumer: PlannedConsumer): Deliver {
    const { run } = this.#pipeline();
    const handle = (delivery: Delivery): MaybePromise<Settlement> =>
      run(new IncomingMessage(consumer, delivery));
    return (delivery) => {
      // What one handler keeps in an asynchronous context is no affair of the next one.
      const settlement = apart(handle, delivery);
      return settlement instanceof Promise ? settlement : Promise.resolve(settlement);
    };
  }
}
