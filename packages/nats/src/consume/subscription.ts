import { Forwarding, DeliveryDispatcher, Problems, withDeadline } from "@waybill/core/transport-kit";
import type { Cancel, Settlement, Subscription } from "@waybill/core/transport";
import { LaneBalancer } from "../lanes/lane-balancer.ts";
import type { SourceConsumer } from "../topology/sources.ts";
import { AckWriter } from "./ack-writer.ts";
import type { NatsDelivery } from "./delivery.ts";
import { forward } from "./forward.ts";
import { otherServicesOf, type OtherServices } from "./other-services.ts";
import { PullConsumer } from "./pull-consumer.ts";
import type { SubscriptionOptions } from "./subscription-options.ts";

/** How long the server may take to read the last acknowledgements after the deadline of a drain. */
const CLOSE_TIMEOUT_MS = 250;

/** After this time the server redelivers a message that could not be forwarded because of an internal error. */
const FAILED_FORWARD_MS = 5_000;

/**
 * The subscription of this process to a source. Its consumers take turns and share one window of messages in flight.
 */
export class NatsSubscription implements Subscription {
  readonly #options: SubscriptionOptions;
  readonly #acks: AckWriter;
  readonly #problems: Problems;
  readonly #forwarding: Forwarding;
  readonly #consumers: readonly PullConsumer[];
  readonly #sourceConsumers: ReadonlyMap<PullConsumer, SourceConsumer>;
  readonly #dispatcher: DeliveryDispatcher<PullConsumer, NatsDelivery>;
  /** Present for a queue, which belongs to one service. */
  readonly #otherServices: OtherServices | undefined;
  /** Present for a source with lanes. */
  readonly #balancer: LaneBalancer | undefined;
  #isDraining = false;
  #isClosed: Promise<void> | undefined = undefined;
  #renewedAt: number;
  #cancelRenewal: Cancel | undefined = undefined;
  /** Resolves after the last change of the window. Changes run one after the other. */
  #work: Promise<void> = Promise.resolve();

  constructor(options: SubscriptionOptions) {
    const { clock, random, leaseMs, destination, sourceConsumers, base } = options;
    this.#options = options;
    this.#renewedAt = clock.now();
    this.#acks = new AckWriter(clock, leaseMs);
    this.#problems = new Problems(options.report);
    this.#forwarding = new Forwarding({ clock, problems: this.#problems });
    this.#sourceConsumers = new Map(sourceConsumers.map((each) => [this.#pullConsumer(each), each]));
    this.#consumers = [...this.#sourceConsumers.keys()];
    this.#dispatcher = new DeliveryDispatcher({
      feeds: this.#consumers,
      deliver: options.deliver,
      settle: (consumer, delivery, settlement) => this.#settle(consumer, delivery, settlement),
    });
    const [first] = sourceConsumers;
    if (first?.lane !== undefined)
      this.#balancer = new LaneBalancer({
        stream: first.stream,
        base,
        consumers: this.#consumers,
        window: () => this.#dispatcher.window,
        clock,
        random,
        leaseMs,
      });
    this.#otherServices = otherServicesOf(destination, {
      service: options.group,
      stream: first?.stream,
      warn: options.warn,
    });
    this.#scheduleRenewal();
  }

  #pullConsumer({ stream, name, lane }: SourceConsumer): PullConsumer {
    const { clock, random, inboxPrefix, leaseMs, destination } = this.#options;
    return new PullConsumer({
      stream,
      consumer: name,
      lane,
      acks: this.#acks,
      clock,
      random,
      inboxPrefix,
      leaseMs,
      destination,
      onGap: () => this.#balancer?.coolDown(lane),
      onArrival: () => this.#dispatcher.dispatch(),
      onRevoked: (dispatched) => this.#dispatcher.free(dispatched),
      onDeleted: () =>
        this.#problems.set(
          name,
          `Consumer ${name} of stream ${stream} was deleted: it delivers nothing until it is provisioned again.`,
        ),
      onRestored: () => this.#problems.clear(name),
    });
  }

  credit(window: number): void {
    if (window === this.#dispatcher.window || this.#isDraining) return;
    this.#dispatcher.window = window;
    this.resume();
  }

  /** Starts or continues on the current link. */
  resume(): void {
    // If the connection is lost meanwhile, the next one calls this again.
    this.#work = this.#work.then(() => this.#adjust()).catch(() => undefined);
  }

  /** Stops until {@link resume}, because the connection is lost or all leases have expired. */
  suspend({ hasLease }: { readonly hasLease: boolean }): void {
    this.#balancer?.lose();
    this.#acks.lose();
    for (const consumer of this.#consumers) consumer.lose({ hasLease });
  }

  async drain(deadline: number): Promise<void> {
    const { clock } = this.#options;
    this.#isDraining = true;
    this.#dispatcher.stop();
    this.#balancer?.stopTaking();
    const stopped = Promise.all(this.#consumers.map((consumer) => consumer.stop()));
    const handled = this.#consumers.map((consumer) => consumer.handlersDone());
    await withDeadline(clock, deadline, Promise.all([this.#work, stopped, ...handled]));
    this.#forwarding.end();
    this.#isClosed ??= this.#close();
    // On a connection that has fallen silent the server never answers.
    await withDeadline(clock, Math.max(deadline, clock.now() + CLOSE_TIMEOUT_MS), this.#isClosed);
  }

  async #close(): Promise<void> {
    this.#cancelRenewal?.();
    this.#otherServices?.close();
    await Promise.all(this.#consumers.map((consumer) => consumer.close()));
    await this.#balancer?.leave();
  }

  /** Adjusts the consumers to the window. */
  async #adjust(): Promise<void> {
    const link = this.#options.link();
    if (link === undefined) return;
    this.#acks.open(link);
    if (this.#isDraining) return;
    this.#otherServices?.open(link);
    const { window } = this.#dispatcher;
    if (this.#balancer !== undefined && window > 0) this.#balancer.join(link);
    if (this.#balancer === undefined && window > 0)
      for (const consumer of this.#consumers) if (!consumer.isOpen) consumer.open(link, window);
    await Promise.all(this.#consumers.map((consumer) => consumer.resize(window)));
    this.#dispatcher.dispatch();
  }

  #settle(consumer: PullConsumer, delivery: NatsDelivery, settlement: Settlement): void {
    if (settlement.type === "ack") consumer.ack(delivery);
    else if (settlement.type === "release") this.#release(consumer, delivery);
    else if (settlement.type === "retry" && settlement.headers === undefined)
      consumer.nak(delivery, settlement.delayMs);
    else return this.#forwardOrNak(consumer, delivery, settlement);
    this.#free(consumer);
  }

  #forwardOrNak(
    consumer: PullConsumer,
    delivery: NatsDelivery,
    settlement: Parameters<typeof forward>[1],
  ): void {
    this.#forwardAndAck(consumer, delivery, settlement).catch(() => {
      if (!delivery.isLive) return;
      consumer.nak(delivery, FAILED_FORWARD_MS);
      this.#free(consumer);
    });
  }

  async #forwardAndAck(
    consumer: PullConsumer,
    delivery: NatsDelivery,
    settlement: Parameters<typeof forward>[1],
  ): Promise<void> {
    const sourceConsumer = this.#sourceConsumers.get(consumer);
    if (sourceConsumer === undefined) return;
    let isParked = false;
    const onRest = (): void => {
      isParked = true;
      consumer.park(delivery);
      this.#free(consumer);
    };
    const outcome = await forward(delivery, settlement, {
      ...this.#options,
      consumer: sourceConsumer,
      forwarding: this.#forwarding,
      onRest,
    });
    if (outcome === "taken back") return;
    await consumer.confirmAck(delivery);
    if (!isParked) this.#free(consumer);
  }

  #release(consumer: PullConsumer, delivery: NatsDelivery): void {
    if (consumer.lane === undefined) return consumer.nak(delivery, 0);
    // If messages of a lane went back one by one, their successors could overtake them.
    consumer.release(delivery);
    if (!this.#isDraining) this.#balancer?.release(consumer);
  }

  #free(consumer: PullConsumer): void {
    consumer.pull();
    this.#dispatcher.free();
  }

  #scheduleRenewal(): void {
    const { clock, leaseMs } = this.#options;
    this.#cancelRenewal = clock.schedule(leaseMs / 3, () => {
      this.#renew();
      this.#scheduleRenewal();
    });
  }

  #renew(): void {
    const { clock, leaseMs, link } = this.#options;
    const now = clock.now();
    // If this process was suspended for a lease, the server has redelivered its messages to other processes by now.
    const isTooLate = now - this.#renewedAt > leaseMs;
    this.#renewedAt = now;
    if (isTooLate) {
      this.suspend({ hasLease: false });
      if (link() !== undefined) this.resume();
      return;
    }
    for (const consumer of this.#consumers) consumer.renew();
    this.#acks.confirm();
    void this.#balancer?.renew();
  }
}
