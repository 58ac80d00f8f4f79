import type { Settlement } from "@waybill/core/transport";
import type { Forwarding } from "@waybill/core/transport-kit";
import type { RabbitmqDelivery } from "./delivery.ts";
import { forwardDelivery, type ForwardContext } from "./forward.ts";
import type { QueueConsumer } from "./queue-consumer.ts";

export interface SettlerOptions extends ForwardContext {
  readonly forwarding: Forwarding;
  /** Called when a delivery no longer counts towards the window, unless `settle` has returned true for it. */
  readonly onFree: () => void;
  /** Called when resting deliveries keep RabbitMQ from filling the window of a consumer. */
  readonly onShortage: (consumer: QueueConsumer) => void;
}

/** Carries out the settlements of one subscription. */
export class Settler {
  readonly #options: SettlerOptions;
  /** Whether released deliveries stay unsettled, because their channels are about to close. */
  isDraining = false;

  constructor(options: SettlerOptions) {
    this.#options = options;
  }

  /** Settles a live delivery. Returns true if it is settled now; false if its copy must be stored first. */
  settle(consumer: QueueConsumer, delivery: RabbitmqDelivery, settlement: Settlement): boolean {
    if (settlement.type === "ack") consumer.ack(delivery);
    else if (settlement.type === "release") this.#release(consumer, delivery);
    else if (settlement.type === "retry" && settlement.delayMs === 0 && settlement.headers === undefined)
      consumer.requeue(delivery);
    else {
      void this.#forward(consumer, delivery, settlement);
      return false;
    }
    return true;
  }

  async #forward(
    consumer: QueueConsumer,
    delivery: RabbitmqDelivery,
    settlement: Parameters<typeof forwardDelivery>[1],
  ): Promise<void> {
    const outcome = await forwardDelivery(delivery, settlement, {
      ...this.#options,
      queue: consumer.queue,
      onRest: () => {
        consumer.rest(delivery);
        this.#options.onFree();
        if (consumer.needsPrefetch) this.#options.onShortage(consumer);
      },
    });
    if (!delivery.isLive) return;
    if (outcome === "stored") consumer.ack(delivery);
    else consumer.abandon(delivery); // the subscription is draining
    if (!delivery.isResting) this.#options.onFree();
  }

  #release(consumer: QueueConsumer, delivery: RabbitmqDelivery): void {
    if (!consumer.isLane && !this.isDraining) return consumer.release(delivery);
    // A lane's message that is requeued alone would be overtaken by the messages behind it.
    consumer.abandon(delivery);
    if (!this.isDraining) closeWhenIdle(consumer);
  }
}

/**
 * Closes a consumer once its deliveries in flight are settled. The subscription then opens a new channel, and RabbitMQ
 * puts its consumer behind those of the other members.
 */
export function closeWhenIdle(consumer: QueueConsumer): void {
  consumer.isPaused = true;
  void consumer.whenIdle().then(() => consumer.close());
}
