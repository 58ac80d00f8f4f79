import { InFlightList } from "@waybill/core/transport-kit";
import type { RabbitmqDelivery } from "./delivery.ts";

/** The unsettled deliveries of one consumer: those in flight, and those that rest because they cannot be stored. */
export class UnsettledDeliveries {
  readonly #inFlight = new InFlightList<RabbitmqDelivery>();
  readonly #resting = new InFlightList<RabbitmqDelivery>();
  #whenIdle: (() => void)[] = [];

  /** The number of resting deliveries. */
  get resting(): number {
    return this.#resting.size;
  }

  get isEmpty(): boolean {
    return this.#inFlight.size === 0 && this.#resting.size === 0;
  }

  /** Adds a delivery that is dispatched to its handler. */
  add(delivery: RabbitmqDelivery): void {
    this.#inFlight.add(delivery);
  }

  /** Moves a delivery from those in flight to those that rest. */
  rest(delivery: RabbitmqDelivery): void {
    this.#inFlight.remove(delivery);
    delivery.isResting = true;
    this.#resting.add(delivery);
    this.notifyIdle();
  }

  /** Removes a settled delivery. The caller calls {@link notifyIdle} next. */
  remove(delivery: RabbitmqDelivery): void {
    (delivery.isResting ? this.#resting : this.#inFlight).remove(delivery);
  }

  /** Removes and returns all deliveries. The caller calls {@link notifyIdle} next. */
  takeAll(): {
    readonly inFlight: readonly RabbitmqDelivery[];
    readonly resting: readonly RabbitmqDelivery[];
  } {
    return { inFlight: this.#inFlight.takeAll(), resting: this.#resting.takeAll() };
  }

  /** Resolves once no delivery is in flight. */
  whenIdle(): Promise<void> {
    return this.#inFlight.size === 0
      ? Promise.resolve()
      : new Promise((resolve) => this.#whenIdle.push(resolve));
  }

  /** Resolves the promises of {@link whenIdle} if no delivery is in flight. */
  notifyIdle(): void {
    if (this.#inFlight.size === 0) for (const resolve of this.#whenIdle.splice(0)) resolve();
  }
}
