import type { ChannelModel } from "amqplib";
import {
  Forwarding,
  DeliveryDispatcher,
  Problems,
  describeThrown,
  withDeadline,
} from "@waybill/core/transport-kit";
import type {
  Cancel,
  Deliver,
  Destination,
  Environment,
  Report,
  Settlement,
  Subscription,
} from "@waybill/core/transport";
import type { Channels } from "../connection/channels.ts";
import type { RabbitmqDelivery } from "./delivery.ts";
import type { DeclaredEntities } from "../publish/declared-entities.ts";
import { isNotFound, isAnswer } from "../errors.ts";
import { QueueConsumer } from "./queue-consumer.ts";
import { membersName } from "../topology/names.ts";
import type { IsolatedConsumer } from "./queue-isolation.ts";
import { moveOn, type Mover } from "./forward.ts";
import { LaneBalancer } from "../lanes/lane-balancer.ts";
import type { SourceQueue } from "../topology/sources.ts";

/** After a refusal to consume, and between two looks at how lanes are shared. */
const PAUSE_MS = 500;
/** Between two tries to read a queue that cannot be read. */
const LONGEST_PAUSE_MS = 5_000;
/** How long the broker may take to answer a goodbye, where the deadline is over. */
const GOODBYE_MS = 150;

/** The key of a problem. No queue has this name. */
const LOSSES = "";

export interface SubscriptionOptions extends Mover {
  readonly environment: Environment;
  readonly channels: Channels;
  readonly declared: DeclaredEntities;
  /** What the names of its queues have in common. */
  readonly name: string;
  /** Its queues, one per lane. */
  readonly queues: readonly SourceQueue[];
  readonly destination: Destination;
  readonly deliver: Deliver;
  readonly report: Report | undefined;
  /** Present while connected. */
  readonly model: () => ChannelModel | undefined;
}

/** A member of a source: the window of unsettled deliveries over all its queues, which take turns. */
export class RabbitmqSubscription implements Subscription, IsolatedConsumer {
  readonly #options: SubscriptionOptions;
  readonly #consumers: readonly QueueConsumer[];
  readonly #handOut: DeliveryDispatcher<QueueConsumer, RabbitmqDelivery>;
  /** Present where there are lanes to share. */
  readonly #sharing: LaneBalancer | undefined;
  readonly #problems: Problems;
  readonly #forwarding: Forwarding;
  /** Looks in a row that found a queue that cannot be read. */
  #failures = 0;
  #isDraining = false;
  #isHeld = false;
  #cancelLook: Cancel | undefined = undefined;
  /** Openings and closings of channels, one after the other. */
  #work: Promise<void> = Promise.resolve();

  constructor(options: SubscriptionOptions) {
    this.#options = options;
    this.#problems = new Problems(options.report);
    this.#forwarding = new Forwarding({ clock: options.clock, problems: this.#problems });
    this.#sharing = options.queues.length > 1 ? new LaneBalancer(options.channels, options.name) : undefined;
    this.#consumers = options.queues.map(
      ({ queue, lane, past }) =>
        new QueueConsumer({
          queue,
          lane,
          present: async () => (past !== undefined && (await this.#has(past)) ? past : queue),
          onPastHandled: (handled) => this.#then(() => this.#endPast(handled)),
          destination: options.destination,
          onArrival: () => this.#handOut.dispatch(),
          onLoss: (open) => this.#lose(open),
        }),
    );
    this.#handOut = new DeliveryDispatcher({
      feeds: this.#consumers,
      deliver: options.deliver,
      settle: (consumer, delivery, settlement) => this.#settle(consumer, delivery, settlement),
    });
  }

  /** What the names of its queues have in common. */
  get name(): string {
    return this.#options.name;
  }

  credit(window: number): void {
    if (window === this.#handOut.window || this.#isDraining) return;
    this.#handOut.window = window;
    this.#then(() => this.#adjust());
  }

  /** Reads nothing until `resume`: its connection is lost. */
  hold(): void {
    this.#isHeld = true;
  }

  /** The connection is back, or there for the first time. */
  resume(): Promise<void> {
    this.#isHeld = false;
    this.#then(() => this.#adjust());
    return this.#work;
  }

  /** Reports that reading its queues ends connections. */
  impair(problem: string | undefined): void {
    if (problem === undefined) this.#problems.clear(LOSSES);
    else this.#problems.set(LOSSES, problem);
  }

  async drain(deadline: number): Promise<void> {
    this.#isDraining = true;
    this.#handOut.stop();
    this.#cancelLook?.();
    this.#forwarding.end();
    for (const consumer of this.#consumers) void consumer.stop();
    const { clock } = this.#options;
    await withDeadline(
      clock,
      deadline,
      Promise.all([this.#work, ...this.#consumers.map((consumer) => consumer.empty())]),
    );
    const goodbye = Promise.all([
      this.#sharing?.leave(),
      ...this.#consumers.map((consumer) => consumer.close()),
    ]);
    // Where the connection has fallen silent, nobody answers.
    await withDeadline(clock, Math.max(deadline, clock.now() + GOODBYE_MS), goodbye);
  }

  #has(queue: string): Promise<boolean> {
    return this.#options.declared.check({ kind: "queue", name: queue });
  }

  /** The broker tells all who consume from it, and they go on with their own queue. */
  async #endPast(queue: string): Promise<void> {
    await this.#options.channels.run((channel) => channel.deleteQueue(queue));
  }

  /** Brings the channels to what the window wants. */
  async #adjust(): Promise<void> {
    const model = this.#options.model();
    if (model === undefined || this.#isDraining || this.#isHeld) return;
    if (this.#handOut.window > 0 && this.#sharing !== undefined) await this.#join(this.#sharing, model);
    const isGood = await Promise.all(this.#consumers.map((consumer) => this.#adjustOne(consumer, model)));
    this.#failures = isGood.includes(false) ? this.#failures + 1 : 0;
    if (this.#failures > 0) this.#look();
    this.#handOut.dispatch();
  }

  async #join(sharing: LaneBalancer, model: ChannelModel): Promise<void> {
    const queue = membersName(this.#options.name);
    try {
      await sharing.join(model);
      this.#problems.clear(queue);
    } catch (error) {
      this.#note(queue, error);
    }
    this.#look();
  }

  /** False where the queue cannot be read: it is tried again with the next look or connection. */
  async #adjustOne(consumer: QueueConsumer, model: ChannelModel): Promise<boolean> {
    const { window } = this.#handOut;
    try {
      if (!consumer.isOpen) {
        if (window > 0) await consumer.open(model, window);
      } else {
        await consumer.pause();
        if (window > 0) await consumer.resume(window);
      }
      if (consumer.isOpen) this.#problems.clear(consumer.queue);
      return true;
    } catch (error) {
      this.#note(consumer.queue, error);
      await consumer.close();
      return false;
    }
  }

  /** A lost connection is no problem of the source. */
  #note(queue: string, error: unknown): void {
    if (isNotFound(error))
      this.#problems.set(queue, `RabbitMQ has no queue ${queue} any more: provision it again.`);
    else if (isAnswer(error))
      this.#problems.set(
        queue,
        `RabbitMQ does not let this user read queue ${queue}: ${describeThrown(error)}.`,
      );
  }

  #settle(consumer: QueueConsumer, delivery: RabbitmqDelivery, settlement: Settlement): void {
    if (settlement.type === "ack") consumer.ack(delivery);
    else if (settlement.type === "release") this.#release(consumer, delivery);
    else if (settlement.type === "retry" && settlement.delayMs === 0 && settlement.headers === undefined)
      consumer.requeue(delivery);
    else return void this.#move(consumer, delivery, settlement);
    this.#handOut.free();
  }

  async #move(
    consumer: QueueConsumer,
    delivery: RabbitmqDelivery,
    settlement: Parameters<typeof moveOn>[1],
  ): Promise<void> {
    const fate = await moveOn(delivery, settlement, {
      ...this.#options,
      queue: consumer.queue,
      forwarding: this.#forwarding,
      onRest: () => this.#rest(consumer, delivery),
    });
    if (!delivery.isLive) return;
    if (fate === "stored") consumer.ack(delivery);
    else consumer.leave(delivery); // the subscription ends
    if (!delivery.isResting) this.#handOut.free();
  }

  #rest(consumer: QueueConsumer, delivery: RabbitmqDelivery): void {
    consumer.rest(delivery);
    this.#handOut.free();
    if (!consumer.isCramped) return;
    this.#then(async () => {
      if (consumer.isCramped && !(await consumer.widen(this.#handOut.window))) letGo(consumer);
    });
  }

  #release(consumer: QueueConsumer, delivery: RabbitmqDelivery): void {
    if (!consumer.isLane && !this.#isDraining) return consumer.release(delivery);
    // Requeued one by one, they could be overtaken by what waits behind them.
    consumer.leave(delivery);
    if (!this.#isDraining) letGo(consumer);
  }

  #lose(open: number): void {
    this.#handOut.free(open);
    if (this.#isDraining) return;
    this.#then(() => this.#adjust());
  }

  /** Now and then: opens what could not be opened, and lets go of lanes above this member's share. */
  #look(): void {
    this.#cancelLook?.();
    const pauseMs = Math.min(LONGEST_PAUSE_MS, PAUSE_MS * 2 ** Math.min(this.#failures, 10));
    this.#cancelLook = this.#options.environment.clock.schedule(pauseMs, () => {
      this.#cancelLook = undefined;
      this.#then(async () => {
        // Where the members cannot be counted, nothing is let go.
        const excess = await this.#sharing?.excess(this.#consumers).catch(() => []);
        for (const consumer of excess ?? []) letGo(consumer);
        if (this.#consumers.some(({ isOpen }) => !isOpen)) await this.#adjust();
        else if (this.#handOut.window > 0 && this.#sharing !== undefined) this.#look();
      });
    });
  }

  #then(work: () => Promise<void>): void {
    this.#work = this.#work.then(() => (this.#isDraining ? undefined : work())).catch(() => undefined);
  }
}

/** Finishes what is out and gives the rest back; whoever loses a channel so opens it anew, behind the other members. */
function letGo(consumer: QueueConsumer): void {
  consumer.isHolding = true;
  void consumer.empty().then(() => consumer.close());
}
