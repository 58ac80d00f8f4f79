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

/** What happens in the container around the life of a bus. */
export interface ContainerLife {
  readonly container: Container;
  readonly residents: readonly ServiceIdentifier[];
  /** Called first of all by `start`. @throws MessagingError `binding-missing` */
  readonly refuseMissing: () => void;
  /** Resolves once no message has a container any more. */
  readonly messagesGone: () => Promise<void>;
}

/** A bus whose `start` and `stop` the container takes part in. */
export class ContainerBus implements Bus {
  readonly #bus: Bus;
  readonly #life: ContainerLife;
  readonly #residing: ServiceIdentifier[] = [];
  #starting: Promise<void> | undefined = undefined;
  #stopping: Promise<void> | undefined = undefined;

  constructor(bus: Bus, life: ContainerLife) {
    this.#bus = bus;
    this.#life = life;
  }

  readonly send: Messenger["send"] = (contract, data, options) => this.#bus.send(contract, data, options);
  readonly publish: Messenger["publish"] = (contract, data, options) =>
    this.#bus.publish(contract, data, options);
  readonly request: Messenger["request"] = (contract, data, options) =>
    this.#bus.request(contract, data, options);

  /** @throws MessagingError also `binding-missing`; what the activation of a resident throws */
  start(): Promise<void> {
    const earlier = this.#starting;
    if (earlier !== undefined) return earlier.then(() => this.#bus.start());
    this.#starting = this.#start();
    return this.#starting;
  }

  /** Stops the bus within its timeout; then deactivates what lived with it. */
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
    const { container, residents, refuseMissing } = this.#life;
    try {
      refuseMissing();
      for (const id of residents) {
        if (this.#stopping !== undefined) break;
        await container.getAsync(id);
        this.#residing.push(id);
      }
      await this.#bus.start();
    } catch (error) {
      await this.#bus.stop();
      await this.#evict();
      throw error;
    }
  }

  async #stop(options: StopOptions | undefined): Promise<void> {
    await this.#bus.stop(options);
    await this.#starting?.catch(() => undefined);
    await this.#life.messagesGone();
    await this.#evict();
  }

  /** All of them, whatever one of them throws; then that. */
  async #evict(): Promise<void> {
    const { container } = this.#life;
    const errors: unknown[] = [];
    for (const id of this.#residing.splice(0).toReversed())
      if (container.isCurrentBound(id))
        await container.unbindAsync(id).catch((error: unknown) => errors.push(error));
    if (errors.length > 0) throw errors[0];
  }
}
