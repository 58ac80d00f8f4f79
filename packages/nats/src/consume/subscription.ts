import { Forwarding, DeliveryDispatcher, Problems, withDeadline } from "@waybill/core/transport-kit";
import type {
  Cancel,
  Clock,
  Deliver,
  Destination,
  Random,
  Report,
  Settlement,
  Subscription,
} from "@waybill/core/transport";
import { AckWriter } from "./ack-writer.ts";
import type { ServerLink } from "../connection/connection.ts";
import type { NatsDelivery } from "./delivery.ts";
import { PullConsumer } from "./pull-consumer.ts";
import { otherServicesOf, type OtherServices } from "./other-services.ts";
import { moveOn, type Mover, type Origin } from "./forward.ts";
import { LaneBalancer } from "../lanes/lane-balancer.ts";

/** How long the server may take to answer a goodbye, where the deadline is over. */
const GOODBYE_MS = 250;

/** How long a message is away that could not be moved on because of a fault of ours. */
const FAILED_MOVE_MS = 5_000;

export interface SubscriptionOptions extends Mover {
  readonly clock: Clock;
  readonly random: Random;
  readonly inboxPrefix: string;
  readonly leaseMs: number;
  /** What the names of its consumers have in common. */
  readonly base: string;
  /** Its consumers, one per lane. */
  readonly origins: readonly (Origin & { readonly lane: number | undefined })[];
  readonly destination: Destination;
  readonly deliver: Deliver;
  /** Present while connected. */
  readonly link: () => ServerLink | undefined;
  /** Says something to the application. */
  readonly tell: (notice: string) => void;
  /** Hears what keeps the source from being served. */
  readonly report: Report | undefined;
}

/** A member of a source: the window of unsettled deliveries over all its consumers, which take turns. */
export class NatsSubscription implements Subscription {
  readonly #options: SubscriptionOptions;
  readonly #answers: AckWriter;
  readonly #problems: Problems;
  readonly #forwarding: Forwarding;
  readonly #consumers: readonly PullConsumer[];
  readonly #origins: ReadonlyMap<PullConsumer, Origin>;
  readonly #handOut: DeliveryDispatcher<PullConsumer, NatsDelivery>;
  /** Present for a queue, which belongs to one service. */
  readonly #otherOwners: OtherServices | undefined;
  /** Present where there are lanes to share. */
  readonly #sharing: LaneBalancer | undefined;
  #isDraining = false;
  #isClosed: Promise<void> | undefined = undefined;
  #renewedAt: number;
  #cancelRenewal: Cancel | undefined = undefined;
  /** Changes of the window, one after the other. */
  #work: Promise<void> = Promise.resolve();

  constructor(options: SubscriptionOptions) {
    const { clock, random, inboxPrefix, leaseMs, destination, origins, base } = options;
    this.#options = options;
    this.#renewedAt = clock.now();
    this.#answers = new AckWriter(clock, leaseMs);
    this.#problems = new Problems(options.report);
    this.#forwarding = new Forwarding({ clock, problems: this.#problems });
    const made = origins.map((origin): [PullConsumer, Origin] => {
      const { stream, consumer, lane } = origin;
      const events = {
        onGap: () => this.#sharing?.rest(lane),
        onArrival: () => this.#handOut.dispatch(),
        onLoss: (open: number) => this.#handOut.free(open),
        onDeleted: () => this.#problems.set(consumer, deleted(origin)),
        onFound: () => this.#problems.clear(consumer),
      };
      const common = { answers: this.#answers, clock, random, inboxPrefix, leaseMs, destination };
      return [new PullConsumer({ stream, consumer, lane, ...common, ...events }), origin];
    });
    this.#origins = new Map(made);
    this.#consumers = made.map(([consumer]) => consumer);
    this.#handOut = new DeliveryDispatcher({
      feeds: this.#consumers,
      deliver: options.deliver,
      settle: (consumer, delivery, settlement) => this.#settle(consumer, delivery, settlement),
    });
    const [first] = origins;
    if (first?.lane !== undefined)
      this.#sharing = new LaneBalancer({
        stream: first.stream,
        base,
        consumers: this.#consumers,
        window: () => this.#handOut.window,
        clock,
        random,
        leaseMs,
      });
    this.#otherOwners = otherServicesOf(destination, {
      service: options.group,
      stream: first?.stream,
      tell: options.tell,
    });
    this.#scheduleRenewal();
  }

  credit(window: number): void {
    if (window === this.#handOut.window || this.#isDraining) return;
    this.#handOut.window = window;
    this.resume();
  }

  /** The connection is back, or there for the first time. */
  resume(): void {
    // Where the connection goes meanwhile, the next one has its turn.
    this.#work = this.#work.then(() => this.#adjust()).catch(() => undefined);
  }

  /** The connection is gone, or the lease of all that was held. */
  suspend({ isHeld }: { readonly isHeld: boolean }): void {
    this.#sharing?.lose();
    this.#answers.lose();
    for (const consumer of this.#consumers) consumer.lose({ isHeld });
  }

  async drain(deadline: number): Promise<void> {
    const { clock } = this.#options;
    this.#isDraining = true;
    this.#handOut.stop();
    this.#sharing?.hold();
    const stopped = Promise.all(this.#consumers.map((consumer) => consumer.stop()));
    const done = Promise.all([this.#work, stopped, ...this.#consumers.map((consumer) => consumer.empty())]);
    await withDeadline(clock, deadline, done);
    this.#forwarding.end();
    this.#isClosed ??= this.#close();
    // Where the connection has fallen silent, nobody answers.
    await withDeadline(clock, Math.max(deadline, clock.now() + GOODBYE_MS), this.#isClosed);
  }

  async #close(): Promise<void> {
    this.#cancelRenewal?.();
    this.#otherOwners?.close();
    await Promise.all(this.#consumers.map((consumer) => consumer.close()));
    await this.#sharing?.leave();
  }

  /** Brings the consumers to what the window wants. */
  async #adjust(): Promise<void> {
    const link = this.#options.link();
    if (link === undefined) return;
    this.#answers.open(link);
    if (this.#isDraining) return;
    this.#otherOwners?.open(link);
    const { window } = this.#handOut;
    if (this.#sharing !== undefined && window > 0) this.#sharing.join(link);
    if (this.#sharing === undefined && window > 0)
      for (const consumer of this.#consumers) if (!consumer.isOpen) consumer.open(link, window);
    await Promise.all(this.#consumers.map((consumer) => consumer.resize(window)));
    this.#handOut.dispatch();
  }

  #settle(consumer: PullConsumer, delivery: NatsDelivery, settlement: Settlement): void {
    if (settlement.type === "ack") consumer.ack(delivery);
    else if (settlement.type === "release") this.#release(consumer, delivery);
    else if (settlement.type === "retry" && settlement.headers === undefined)
      consumer.again(delivery, settlement.delayMs);
    else return this.#move(consumer, delivery, settlement);
    this.#free(consumer);
  }

  #move(consumer: PullConsumer, delivery: NatsDelivery, settlement: Parameters<typeof moveOn>[1]): void {
    // What cannot be moved on at all goes back and comes again.
    this.#moveOn(consumer, delivery, settlement).catch(() => {
      if (!delivery.isLive) return;
      consumer.again(delivery, FAILED_MOVE_MS);
      this.#free(consumer);
    });
  }

  async #moveOn(
    consumer: PullConsumer,
    delivery: NatsDelivery,
    settlement: Parameters<typeof moveOn>[1],
  ): Promise<void> {
    const origin = this.#origins.get(consumer);
    if (origin === undefined) return;
    let isResting = false;
    const onRest = (): void => {
      isResting = true;
      consumer.rest(delivery);
      this.#free(consumer);
    };
    const forwarding = this.#forwarding;
    const fate = await moveOn(delivery, settlement, { ...this.#options, origin, forwarding, onRest });
    if (fate === "taken back") return;
    await consumer.confirmAck(delivery);
    if (!isResting) this.#free(consumer);
  }

  #release(consumer: PullConsumer, delivery: NatsDelivery): void {
    if (consumer.lane === undefined) return consumer.again(delivery, 0);
    // Given back one by one, they could be overtaken by what waits behind them.
    consumer.leave(delivery);
    if (!this.#isDraining) this.#sharing?.letGo(consumer);
  }

  #free(consumer: PullConsumer): void {
    consumer.pull();
    this.#handOut.free();
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
    // A process that stood still for a lease has lost what it held: others have it by now.
    const isTooLate = now - this.#renewedAt > leaseMs;
    this.#renewedAt = now;
    if (isTooLate) {
      this.suspend({ isHeld: false });
      if (link() !== undefined) this.resume();
      return;
    }
    for (const consumer of this.#consumers) consumer.renew();
    this.#answers.makeSure();
    void this.#sharing?.renew();
  }
}

function deleted({ stream, consumer }: Origin): string {
  return `Consumer ${consumer} of stream ${stream} was deleted: nothing comes from it until it is provisioned again.`;
}
