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
  Subscription,
} from "@waybill/core/transport";
import type { Channels } from "../connection/channels.ts";
import type { RabbitmqDelivery } from "./delivery.ts";
import type { DeclaredEntities } from "../publish/declared-entities.ts";
import { isNotFound, isBrokerReply } from "../errors.ts";
import { QueueConsumer } from "./queue-consumer.ts";
import { membersName } from "../topology/names.ts";
import type { IsolatedConsumer } from "./queue-isolation.ts";
import type { ForwardContext } from "./forward.ts";
import { LaneBalancer } from "../lanes/lane-balancer.ts";
import { Settler, closeWhenIdle } from "./settler.ts";
import type { SourceQueue } from "../topology/sources.ts";

/** The time between two checks of the balance of lanes, and of queues that could not be read. */
const CHECK_MS = 500;
/** The longest time between two checks of queues that cannot be read. */
const LONGEST_CHECK_MS = 5_000;
/** The time that RabbitMQ gets to close the channels, even if the deadline of the drain is earlier. */
const CLOSE_TIMEOUT_MS = 150;

/** The key under which a problem of the connection is reported. No queue has this name. */
const LOSSES = "";

export interface SubscriptionOptions extends ForwardContext {
  readonly environment: Environment;
  readonly channels: Channels;
  readonly declared: DeclaredEntities;
  /** The common part of the names of its queues. */
  readonly name: string;
  /** Its queues, one per lane. */
  readonly queues: readonly SourceQueue[];
  readonly destination: Destination;
  readonly deliver: Deliver;
  readonly report: Report | undefined;
  /** Returns the connection; undefined while there is none. */
  readonly model: () => ChannelModel | undefined;
}

/** A member of a source: one window of unsettled deliveries over all queues of the source, which take turns. */
export class RabbitmqSubscription implements Subscription, IsolatedConsumer {
  readonly #options: SubscriptionOptions;
  readonly #consumers: readonly QueueConsumer[];
  readonly #dispatcher: DeliveryDispatcher<QueueConsumer, RabbitmqDelivery>;
  /** Present for a source with several lanes. */
  readonly #laneBalancer: LaneBalancer | undefined = undefined;
  readonly #problems: Problems;
  readonly #forwarding: Forwarding;
  readonly #settler: Settler;
  /** The number of consecutive checks that found a queue that cannot be read. */
  #failures = 0;
  #isDraining = false;
  #isSuspended = false;
  #cancelCheck: Cancel | undefined = undefined;
  /** The operations that open and close channels, one after the other. */
  #channelWork: Promise<void> = Promise.resolve();

  constructor(options: SubscriptionOptions) {
    this.#options = options;
    this.#problems = new Problems(options.report);
    this.#forwarding = new Forwarding({ clock: options.clock, problems: this.#problems });
    if (options.queues.length > 1) this.#laneBalancer = new LaneBalancer(options.channels, options.name);
    this.#consumers = options.queues.map((queue) => this.#consumerOf(queue));
    this.#settler = new Settler({
      ...options,
      forwarding: this.#forwarding,
      onFree: () => this.#dispatcher.free(),
      onShortage: (consumer) => this.#enqueue(() => this.#raisePrefetch(consumer)),
    });
    this.#dispatcher = new DeliveryDispatcher({
      feeds: this.#consumers,
      deliver: options.deliver,
      settle: (consumer, delivery, settlement) => {
        if (this.#settler.settle(consumer, delivery, settlement)) this.#dispatcher.free();
      },
    });
  }

  /** The common part of the names of its queues. */
  get name(): string {
    return this.#options.name;
  }

  credit(window: number): void {
    if (window === this.#dispatcher.window || this.#isDraining) return;
    this.#dispatcher.window = window;
    this.#enqueue(() => this.#adjust());
  }

  /** Opens no channel until `resume`. */
  suspend(): void {
    this.#isSuspended = true;
  }

  /** Opens the channels on a new connection. */
  resume(): Promise<void> {
    this.#isSuspended = false;
    this.#enqueue(() => this.#adjust());
    return this.#channelWork;
  }

  /** Reports that reading these queues ends connections. */
  reportProblem(problem: string | undefined): void {
    if (problem === undefined) this.#problems.clear(LOSSES);
    else this.#problems.set(LOSSES, problem);
  }

  async drain(deadline: number): Promise<void> {
    this.#isDraining = true;
    this.#settler.isDraining = true;
    this.#dispatcher.stop();
    this.#cancelCheck?.();
    this.#forwarding.end();
    for (const consumer of this.#consumers) void consumer.stop();
    const { clock } = this.#options;
    const idle = Promise.all([this.#channelWork, ...this.#consumers.map((consumer) => consumer.whenIdle())]);
    await withDeadline(clock, deadline, idle);
    const closed = Promise.all([
      this.#laneBalancer?.leave(),
      ...this.#consumers.map((consumer) => consumer.close()),
    ]);
    // RabbitMQ does not answer on a dead connection.
    await withDeadline(clock, Math.max(deadline, clock.now() + CLOSE_TIMEOUT_MS), closed);
  }

  #consumerOf({ queue, lane, backfillQueue }: SourceQueue): QueueConsumer {
    return new QueueConsumer({
      queue,
      lane,
      queueToRead: async () =>
        backfillQueue !== undefined && (await this.#exists(backfillQueue)) ? backfillQueue : queue,
      onBackfillHandled: (handled) => this.#enqueue(() => this.#deleteBackfill(handled)),
      destination: this.#options.destination,
      onArrival: () => this.#dispatcher.dispatch(),
      onLoss: (inFlight) => this.#onLoss(inFlight),
    });
  }

  #exists(queue: string): Promise<boolean> {
    return this.#options.declared.check({ kind: "queue", name: queue });
  }

  /** Deletes a backfill queue. RabbitMQ cancels all its consumers, which then read their own queues. */
  async #deleteBackfill(queue: string): Promise<void> {
    await this.#options.channels.run((channel) => channel.deleteQueue(queue));
  }

  /** Opens, pauses and resumes channels as the window demands. */
  async #adjust(): Promise<void> {
    const model = this.#options.model();
    if (model === undefined || this.#isDraining || this.#isSuspended) return;
    if (this.#dispatcher.window > 0 && this.#laneBalancer !== undefined)
      await this.#join(this.#laneBalancer, model);
    const isGood = await Promise.all(this.#consumers.map((consumer) => this.#adjustOne(consumer, model)));
    this.#failures = isGood.includes(false) ? this.#failures + 1 : 0;
    if (this.#failures > 0) this.#scheduleCheck();
    this.#dispatcher.dispatch();
  }

  async #join(laneBalancer: LaneBalancer, model: ChannelModel): Promise<void> {
    const queue = membersName(this.#options.name);
    try {
      await laneBalancer.join(model);
      this.#problems.clear(queue);
    } catch (error) {
      this.#recordProblem(queue, error);
    }
    this.#scheduleCheck();
  }

  /**
   * Resolves with false if the queue cannot be read. The adapter tries again at the next check or on the next
   * connection.
   */
  async #adjustOne(consumer: QueueConsumer, model: ChannelModel): Promise<boolean> {
    const { window } = this.#dispatcher;
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
      this.#recordProblem(consumer.queue, error);
      await consumer.close();
      return false;
    }
  }

  /** Records why a queue cannot be read. A lost connection is not a problem of the source. */
  #recordProblem(queue: string, error: unknown): void {
    if (isNotFound(error))
      this.#problems.set(queue, `RabbitMQ no longer has queue ${queue}. Provision it again.`);
    else if (isBrokerReply(error))
      this.#problems.set(
        queue,
        `RabbitMQ does not let this user read queue ${queue}: ${describeThrown(error)}.`,
      );
  }

  async #raisePrefetch(consumer: QueueConsumer): Promise<void> {
    if (consumer.needsPrefetch && !(await consumer.raisePrefetch(this.#dispatcher.window)))
      closeWhenIdle(consumer);
  }

  #onLoss(inFlight: number): void {
    this.#dispatcher.free(inFlight);
    if (this.#isDraining) return;
    this.#enqueue(() => this.#adjust());
  }

  /** Schedules a check. It opens the closed channels, and closes lanes beyond this member's share. */
  #scheduleCheck(): void {
    this.#cancelCheck?.();
    const pauseMs = Math.min(LONGEST_CHECK_MS, CHECK_MS * 2 ** Math.min(this.#failures, 10));
    this.#cancelCheck = this.#options.environment.clock.schedule(pauseMs, () => {
      this.#cancelCheck = undefined;
      this.#enqueue(async () => {
        // This member keeps its lanes while RabbitMQ cannot count the members.
        const surplus = await this.#laneBalancer?.lanesAboveShare(this.#consumers).catch(() => []);
        for (const consumer of surplus ?? []) closeWhenIdle(consumer);
        if (this.#consumers.some(({ isOpen }) => !isOpen)) await this.#adjust();
        else if (this.#dispatcher.window > 0 && this.#laneBalancer !== undefined) this.#scheduleCheck();
      });
    });
  }

  #enqueue(work: () => Promise<void>): void {
    this.#channelWork = this.#channelWork
      .then(() => (this.#isDraining ? undefined : work()))
      .catch(() => undefined);
  }
}
