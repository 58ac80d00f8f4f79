import type {
  Bus,
  BusState,
  Counters,
  DeadLetters,
  Explanation,
  Messenger,
  StopOptions,
} from "@waybill/core";
import type { Container, ServiceIdentifier } from "inversify";

/** The work of the container when a bus starts and stops. */
export interface ContainerLifecycle {
  readonly container: Container;
  readonly residents: readonly ServiceIdentifier[];
  /** Called by `start` before anything else. @throws MessagingError `binding-missing` */
  readonly refuseMissing: () => void;
  /** Resolves once the containers of all messages are disposed of. */
  readonly containersDisposed: () => Promise<void>;
}

/** A bus whose `start` and `stop` also activate and deactivate residents of the container. */
export class ContainerBus implements Bus {
  readonly #bus: Bus;
  readonly #lifecycle: ContainerLifecycle;
  readonly #active: ServiceIdentifier[] = [];
  #starting: Promise<void> | undefined = undefined;
  #stopping: Promise<void> | undefined = undefined;

  constructor(bus: Bus, lifecycle: ContainerLifecycle) {
    this.#bus = bus;
    this.#lifecycle = lifecycle;
  }

  readonly send: Messenger["send"] = (contract, data, options) => this.#bus.send(contract, data, options);
  readonly publish: Messenger["publish"] = (contract, data, options) =>
    this.#bus.publish(contract, data, options);
  readonly request: Messenger["request"] = (contract, data, options) =>
    this.#bus.request(contract, data, options);

  /** @throws MessagingError also `binding-missing`; the error of a resident's activation */
  start(): Promise<void> {
    const earlier = this.#starting;
    if (earlier !== undefined) return earlier.then(() => this.#bus.start());
    this.#starting = this.#start();
    return this.#starting;
  }

  /** Stops the bus within its timeout, then deactivates the residents. */
  stop(options?: StopOptions): Promise<void> {
    this.#stopping ??= this.#stop(options);
    return this.#stopping;
  }

  state(): BusState {
    return this.#bus.state();
  }

  onState(listener: (state: BusState) => void): () => void {
    return this.#bus.onState(listener);
  }

  explain(): Explanation {
    return this.#bus.explain();
  }

  deadLetters(service: string): DeadLetters {
    return this.#bus.deadLetters(service);
  }

  counters(): Counters {
    return this.#bus.counters();
  }

  async #start(): Promise<void> {
    const { container, residents, refuseMissing } = this.#lifecycle;
    try {
      refuseMissing();
      for (const id of residents) {
        if (this.#stopping !== undefined) break;
        await container.getAsync(id);
        this.#active.push(id);
      }
      await this.#bus.start();
    } catch (error) {
      await this.#bus.stop();
      await this.#deactivate();
      throw error;
    }
  }

  async #stop(options: StopOptions | undefined): Promise<void> {
    await this.#bus.stop(options);
    await this.#starting?.catch(() => undefined);
    await this.#lifecycle.containersDisposed();
    await this.#deactivate();
  }

  /** Deactivates all residents, even when one throws; then throws the first error. */
  async #deactivate(): Promise<void> {
    const { container } = this.#lifecycle;
    const errors: unknown[] = [];
    for (const id of this.#active.splice(0).toReversed())
      if (container.isCurrentBound(id))
        await container.unbindAsync(id).catch((error: unknown) => errors.push(error));
    if (errors.length > 0) throw errors[0];
  }
}
