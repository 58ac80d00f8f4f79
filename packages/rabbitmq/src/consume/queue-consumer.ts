import type { Channel, ChannelModel, ConsumeMessage } from "amqplib";
import { InFlightList, revocation } from "@waybill/core/transport-kit";
import type { Destination } from "@waybill/core/transport";
import { Acknowledgements } from "./acknowledgements.ts";
import { openChannel } from "../connection/channels.ts";
import { RabbitmqDelivery } from "./delivery.ts";
import { isMark } from "../topology/history-backfill.ts";
import { read } from "../wire/message.ts";

/** AMQP 0-9-1 §1.8.3.1: a prefetch count is a short. */
const MOST_PREFETCHED = 65_535;
/** As many as core lets rest. */
const MOST_ROOM = 1_000;

export interface QueueConsumerOptions {
  readonly queue: string;
  /** Which queue to read at present: its own, or what it has still to handle of a history. */
  readonly present: () => Promise<string>;
  /** All of a past queue is handled: it may be deleted. */
  readonly onPastHandled: (queue: string) => void;
  readonly lane: number | undefined;
  /** Where its messages were sent to. */
  readonly destination: Destination;
  /** Something arrived that may be handed out. */
  readonly onArrival: () => void;
  /** The channel is gone, and with it these open deliveries, already revoked. */
  readonly onLoss: (open: number) => void;
}

/** One queue on one channel: what arrived and waits to be handed out, and what is out. */
export class QueueConsumer {
  readonly #options: QueueConsumerOptions;
  #channel: Channel | undefined = undefined;
  #consumerTag: string | undefined = undefined;
  #acks: Acknowledgements | undefined = undefined;
  #waiting: RabbitmqDelivery[] = [];
  readonly #open = new InFlightList<RabbitmqDelivery>();
  readonly #resting = new InFlightList<RabbitmqDelivery>();
  /** How many more are prefetched than the window has room for: for those that rest. */
  #room = 0;
  #whenEmpty: (() => void)[] = [];
  #reading: string;
  /** The end of the past has come. */
  #isMarked = false;
  /** Requeued and not yet come again. */
  #requeued = 0;
  /** Hands out nothing more: what is out is being finished. */
  isHolding = false;
  /** Whether the lane has shown itself to be ours since it was opened: a waiting consumer gets nothing. */
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

  get running(): number {
    return this.#open.size;
  }

  /** Starts to consume with a window of its own. Rejects when the broker refuses. */
  async open(model: ChannelModel, window: number): Promise<void> {
    this.#reading = await this.#options.present();
    const channel: Channel = await openChannel(model, () => this.#lose(channel));
    const acks = new Acknowledgements({
      ack: (deliveryTag, upTo) => channel.ack({ fields: { deliveryTag } } as ConsumeMessage, upTo),
    });
    this.#channel = channel;
    this.#acks = acks;
    this.isHolding = false;
    this.hasDelivered = false;
    await this.resume(window);
  }

  /** Hands out again; a queue that was let go is consumed from anew, with another window. */
  async resume(window: number): Promise<void> {
    const channel = this.#channel;
    if (channel === undefined) return;
    this.isHolding = false;
    if (this.#consumerTag !== undefined) return;
    await channel.prefetch(Math.min(window + this.#room, MOST_PREFETCHED));
    const { consumerTag } = await channel.consume(this.#reading, (raw) => this.#arrive(channel, raw));
    // The channel may have gone in the same moment: the tag would keep the next one from consuming.
    if (this.#channel === channel) this.#consumerTag = consumerTag;
  }

  /** Takes nothing more and gives back what waits. */
  async pause(): Promise<void> {
    await this.stop();
    if (this.#consumerTag === undefined)
      for (const delivery of this.#waiting.splice(0)) this.#giveBack(delivery);
  }

  /** Takes nothing more; what waits goes back when the channel closes. */
  async stop(): Promise<void> {
    this.isHolding = true;
    const tag = this.#consumerTag;
    // The single active consumer stays: the next one would overtake what is out.
    if (tag === undefined || this.isLane || this.#isPast) return;
    this.#consumerTag = undefined;
    await this.#channel?.cancel(tag).catch(() => undefined);
  }

  /** A delivery that can be stored nowhere at present makes room for another. */
  rest(delivery: RabbitmqDelivery): void {
    this.#open.remove(delivery);
    delivery.isResting = true;
    this.#resting.add(delivery);
    this.#settleEmpty();
  }

  /** Whether so many rest that the broker sends fewer than the window has room for. */
  get isCramped(): boolean {
    return this.#resting.size > this.#room;
  }

  /** Makes the broker send more. False where that needs a new channel, for a lane keeps its consumer. */
  async widen(window: number): Promise<boolean> {
    this.#room = Math.min(MOST_ROOM, 2 * this.#resting.size + 6);
    if (this.isLane || this.#isPast) return false;
    await this.stop();
    await this.resume(window);
    return true;
  }

  /** The next to be handed out; it counts as running from then on. */
  next(): RabbitmqDelivery | undefined {
    if (this.isHolding) return undefined;
    const delivery = this.#waiting.shift();
    if (delivery !== undefined) this.#open.add(delivery);
    return delivery;
  }

  ack(delivery: RabbitmqDelivery): void {
    this.#acks?.ack(delivery.tag);
    this.#drop(delivery);
  }

  /** Back into the queue, as one attempt more: `basic.reject` counts on every version, `basic.nack` below 4.3 only. */
  requeue(delivery: RabbitmqDelivery): void {
    this.#acks?.told(delivery.tag);
    this.#channel?.reject(delivery.raw, true);
    this.#requeued += 1;
    this.#drop(delivery);
  }

  /** Back into the queue, as no attempt where the broker allows. */
  release(delivery: RabbitmqDelivery): void {
    this.#giveBack(delivery);
    this.#drop(delivery);
  }

  /** Forgets a delivery of a lane without a word: the broker takes it back, in its place, when the channel closes. */
  leave(delivery: RabbitmqDelivery): void {
    this.isHolding = true;
    this.#drop(delivery);
  }

  /** Resolves once nothing is out. */
  empty(): Promise<void> {
    return this.#open.size === 0
      ? Promise.resolve()
      : new Promise((resolve) => this.#whenEmpty.push(resolve));
  }

  /** Says what is settled and closes the channel: the broker takes back the rest, in its order. Resolves when it has. */
  async close(): Promise<void> {
    const channel = this.#channel;
    if (channel === undefined) return;
    this.#acks?.flush();
    // A connection that goes meanwhile ends the channel without an answer.
    const closed = new Promise<void>((resolve) => channel.once("close", resolve));
    const answered = channel.close().catch(() => undefined);
    this.#lose(channel);
    await Promise.race([closed, answered]);
  }

  #arrive(channel: Channel, raw: ConsumeMessage | null): void {
    if (this.#channel !== channel) return;
    if (raw === null) {
      // The broker cancelled: the queue was deleted or moved. The owner opens anew.
      void this.close();
      return;
    }
    this.hasDelivered = true;
    if (this.#requeued > 0) this.#requeued -= 1;
    if (this.#isPast && isMark(raw)) {
      this.#isMarked = true;
      return this.#leavePast();
    }
    const { destination, lane } = this.#options;
    this.#waiting.push(new RabbitmqDelivery(raw, read(raw, destination, lane)));
    this.#options.onArrival();
  }

  get #isPast(): boolean {
    return this.#reading !== this.queue;
  }

  /** The past is over once nothing of it is out, waits or comes again. */
  #leavePast(): void {
    const { size } = this.#resting;
    if (
      this.#isMarked &&
      size === 0 &&
      this.#open.size === 0 &&
      this.#waiting.length === 0 &&
      this.#requeued === 0
    )
      this.#options.onPastHandled(this.#reading);
  }

  #giveBack(delivery: RabbitmqDelivery): void {
    this.#requeued += 1;
    this.#acks?.told(delivery.tag);
    this.#channel?.nack(delivery.raw, false, true);
  }

  #drop(delivery: RabbitmqDelivery): void {
    delivery.isLive = false;
    (delivery.isResting ? this.#resting : this.#open).remove(delivery);
    this.#leavePast();
    this.#settleEmpty();
  }

  #settleEmpty(): void {
    if (this.#open.size === 0) for (const resolve of this.#whenEmpty.splice(0)) resolve();
  }

  #lose(channel: Channel): void {
    if (this.#channel !== channel) return;
    this.#acks?.end();
    this.#acks = undefined;
    this.#channel = undefined;
    this.#consumerTag = undefined;
    this.#waiting = [];
    this.#isMarked = false;
    this.#requeued = 0;
    const open = this.#open.takeAll();
    for (const delivery of [...open, ...this.#resting.takeAll()]) revocation.revoke(delivery);
    for (const resolve of this.#whenEmpty.splice(0)) resolve();
    this.#options.onLoss(open.length);
  }
}
