import type { Channel, ChannelModel, ConsumeMessage } from "amqplib";
import { revocation } from "@waybill/core/transport-kit";
import type { Destination } from "@waybill/core/transport";
import { Acknowledgements } from "./acknowledgements.ts";
import { openChannel } from "../connection/channels.ts";
import { RabbitmqDelivery } from "./delivery.ts";
import { isSentinel } from "../topology/history-backfill.ts";
import { UnsettledDeliveries } from "./unsettled-deliveries.ts";
import { readMessage } from "../wire/message.ts";

/** The largest prefetch count, a 16-bit number (AMQP 0-9-1 §1.8.3.1). */
const MAX_PREFETCH = 65_535;
/** The largest prefetch beyond the window: as many deliveries as core lets rest. */
const MAX_EXTRA_PREFETCH = 1_000;

export interface QueueConsumerOptions {
  readonly queue: string;
  /** Resolves with the queue to read at present: the backfill queue while it exists, else the queue itself. */
  readonly queueToRead: () => Promise<string>;
  /** Called when all messages of a backfill queue are settled. The queue may be deleted. */
  readonly onBackfillHandled: (queue: string) => void;
  readonly lane: number | undefined;
  /** The destination that the messages were sent to. */
  readonly destination: Destination;
  /** Called when a message arrived that may be dispatched. */
  readonly onArrival: () => void;
  /** Called when the channel was lost, with the number of deliveries that were in flight. They are revoked already. */
  readonly onLoss: (inFlight: number) => void;
}

/** The consumer of one queue on one channel: the messages that wait for dispatch, and the unsettled deliveries. */
export class QueueConsumer {
  readonly #options: QueueConsumerOptions;
  #channel: Channel | undefined = undefined;
  #consumerTag: string | undefined = undefined;
  #acks: Acknowledgements | undefined = undefined;
  #waiting: RabbitmqDelivery[] = [];
  readonly #unsettled = new UnsettledDeliveries();
  /** The prefetch beyond the window, for resting deliveries. */
  #extraPrefetch = 0;
  #reading: string;
  /** Whether the sentinel at the end of the backfill queue has arrived. */
  #isSentinelSeen = false;
  /** The number of requeued messages that RabbitMQ has not delivered again. */
  #requeued = 0;
  /** Whether no more messages are dispatched. The deliveries in flight finish. */
  isPaused = false;
  /** Whether RabbitMQ delivered a message on this channel. It delivers to the active consumer of a lane only. */
  hasDelivered = false;

  constructor(options: QueueConsumerOptions) {
    this.#options = options;
    this.#reading = options.queue;
  }

  get queue(): string {
    return this.#options.queue;
  }

  get isLane(): boolean {
    return this.#options.lane !== undefined;
  }

  get isOpen(): boolean {
    return this.#channel !== undefined;
  }

  /** Opens a channel and consumes with a window. Rejects if RabbitMQ refuses. */
  async open(model: ChannelModel, window: number): Promise<void> {
    this.#reading = await this.#options.queueToRead();
    const channel: Channel = await openChannel(model, () => this.#lose(channel));
    const acks = new Acknowledgements({
      ack: (deliveryTag, upTo) => channel.ack({ fields: { deliveryTag } } as ConsumeMessage, upTo),
    });
    this.#channel = channel;
    this.#acks = acks;
    this.isPaused = false;
    this.hasDelivered = false;
    await this.resume(window);
  }

  /** Dispatches again. If the consumer was cancelled, consumes again with the given window. */
  async resume(window: number): Promise<void> {
    const channel = this.#channel;
    if (channel === undefined) return;
    this.isPaused = false;
    if (this.#consumerTag !== undefined) return;
    await channel.prefetch(Math.min(window + this.#extraPrefetch, MAX_PREFETCH));
    const { consumerTag } = await channel.consume(this.#reading, (raw) => this.#arrive(channel, raw));
    // If the channel closed meanwhile, its consumer tag would keep `resume` from consuming on the next channel.
    if (this.#channel === channel) this.#consumerTag = consumerTag;
  }

  /** Stops, and returns the waiting messages to the queue. */
  async pause(): Promise<void> {
    await this.stop();
    if (this.#consumerTag === undefined)
      for (const delivery of this.#waiting.splice(0)) this.#returnToQueue(delivery);
  }

  /** Receives nothing more. The waiting messages return to the queue when the channel closes. */
  async stop(): Promise<void> {
    this.isPaused = true;
    const tag = this.#consumerTag;
    // The consumer of a lane stays active: the next one would overtake the deliveries in flight.
    if (tag === undefined || this.isLane || this.#isBackfilling) return;
    this.#consumerTag = undefined;
    await this.#channel?.cancel(tag).catch(() => undefined);
  }

  /** Takes a delivery out of the window because it cannot be stored at present. */
  rest(delivery: RabbitmqDelivery): void {
    this.#unsettled.rest(delivery);
  }

  /** Whether resting deliveries keep RabbitMQ from filling the window. */
  get needsPrefetch(): boolean {
    return this.#unsettled.resting > this.#extraPrefetch;
  }

  /** Raises the prefetch count. Resolves with false if that needs a new channel, because a lane keeps its consumer. */
  async raisePrefetch(window: number): Promise<boolean> {
    this.#extraPrefetch = Math.min(MAX_EXTRA_PREFETCH, 2 * this.#unsettled.resting + 6);
    if (this.isLane || this.#isBackfilling) return false;
    await this.stop();
    await this.resume(window);
    return true;
  }

  /** Returns the next message to dispatch. It is in flight from then on. */
  next(): RabbitmqDelivery | undefined {
    if (this.isPaused) return undefined;
    const delivery = this.#waiting.shift();
    if (delivery !== undefined) this.#unsettled.add(delivery);
    return delivery;
  }

  ack(delivery: RabbitmqDelivery): void {
    this.#acks?.ack(delivery.tag);
    this.#remove(delivery);
  }

  /**
   * Requeues a delivery and counts it as an attempt. `basic.reject` counts on every version, `basic.nack` only below
   * 4.3.
   */
  requeue(delivery: RabbitmqDelivery): void {
    this.#acks?.markSettled(delivery.tag);
    this.#channel?.reject(delivery.raw, true);
    this.#requeued += 1;
    this.#remove(delivery);
  }

  /** Requeues a delivery without counting an attempt, on versions that allow it. */
  release(delivery: RabbitmqDelivery): void {
    this.#returnToQueue(delivery);
    this.#remove(delivery);
  }

  /** Leaves a delivery unsettled. RabbitMQ requeues it at its old position when the channel closes. */
  abandon(delivery: RabbitmqDelivery): void {
    this.isPaused = true;
    this.#remove(delivery);
  }

  /** Resolves once no delivery is in flight. */
  whenIdle(): Promise<void> {
    return this.#unsettled.whenIdle();
  }

  /** Sends the pending acknowledgements and closes the channel. RabbitMQ requeues the unsettled messages in their order. */
  async close(): Promise<void> {
    const channel = this.#channel;
    if (channel === undefined) return;
    this.#acks?.flush();
    // A connection that is lost meanwhile closes the channel without an answer.
    const closed = new Promise<void>((resolve) => channel.once("close", resolve));
    const answered = channel.close().catch(() => undefined);
    this.#lose(channel);
    await Promise.race([closed, answered]);
  }

  #arrive(channel: Channel, raw: ConsumeMessage | null): void {
    if (this.#channel !== channel) return;
    if (raw === null) {
      // RabbitMQ cancelled the consumer: the queue was deleted or moved. The subscription opens a new channel.
      void this.close();
      return;
    }
    this.hasDelivered = true;
    if (this.#requeued > 0) this.#requeued -= 1;
    if (this.#isBackfilling && isSentinel(raw)) {
      this.#isSentinelSeen = true;
      return this.#finishBackfill();
    }
    const { destination, lane } = this.#options;
    this.#waiting.push(new RabbitmqDelivery(raw, readMessage(raw, destination, lane)));
    this.#options.onArrival();
  }

  get #isBackfilling(): boolean {
    return this.#reading !== this.queue;
  }

  /** Reports the backfill as handled once the sentinel has arrived and every message before it is settled. */
  #finishBackfill(): void {
    if (!this.#isSentinelSeen || this.#requeued > 0) return;
    if (this.#unsettled.isEmpty && this.#waiting.length === 0) this.#options.onBackfillHandled(this.#reading);
  }

  #returnToQueue(delivery: RabbitmqDelivery): void {
    this.#requeued += 1;
    this.#acks?.markSettled(delivery.tag);
    this.#channel?.nack(delivery.raw, false, true);
  }

  #remove(delivery: RabbitmqDelivery): void {
    delivery.isLive = false;
    this.#unsettled.remove(delivery);
    this.#finishBackfill();
    this.#unsettled.notifyIdle();
  }

  #lose(channel: Channel): void {
    if (this.#channel !== channel) return;
    this.#acks?.end();
    this.#acks = undefined;
    this.#channel = undefined;
    this.#consumerTag = undefined;
    this.#waiting = [];
    this.#isSentinelSeen = false;
    this.#requeued = 0;
    const { inFlight, resting } = this.#unsettled.takeAll();
    for (const delivery of [...inFlight, ...resting]) revocation.revoke(delivery);
    this.#unsettled.notifyIdle();
    this.#options.onLoss(inFlight.length);
  }
}
