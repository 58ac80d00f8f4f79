import type { Msg } from "@nats-io/transport-node";
import type { ServerLink } from "../connection/connection.ts";
import { progressOf, type ConsumerProgress } from "../lanes/consumer-progress.ts";
import { GapDetector } from "../lanes/gap-detector.ts";
import { ACK_BODY } from "./ack-writer.ts";
import { ConsumerWatch } from "./consumer-watch.ts";
import { deliveryOf, isFromStream, type NatsDelivery } from "./delivery.ts";
import { InFlightMessages } from "./in-flight-messages.ts";
import type { PullConsumerOptions } from "./pull-consumer-options.ts";
import { PullInbox } from "./pull-inbox.ts";

/** One durable consumer on one link: its pull requests and its messages in flight. */
export class PullConsumer {
  readonly #options: PullConsumerOptions;
  #link: ServerLink | undefined = undefined;
  #inbox: PullInbox | undefined = undefined;
  #window = 0;
  readonly #inFlight = new InFlightMessages();
  readonly #gaps = new GapDetector();
  #hasGap = false;
  #withdrawn: Promise<void> = Promise.resolve();
  readonly #watch: ConsumerWatch;
  /** Whether no more messages are dispatched. Handlers finish the dispatched ones. */
  isPaused = false;

  constructor(options: PullConsumerOptions) {
    this.#options = options;
    this.#watch = new ConsumerWatch({ ...options, onDeleted: (link) => this.#consumerDeleted(link) });
  }

  get lane(): number | undefined {
    return this.#options.lane;
  }

  get isOpen(): boolean {
    return this.#link !== undefined;
  }

  /** Returns the progress of the consumer as its server reports it. */
  progress(link: ServerLink): Promise<ConsumerProgress> {
    return progressOf(link, this.#options);
  }

  /**
   * Starts to read on a link.
   * @param delivered the number of deliveries that the consumer of a lane had made before
   */
  open(link: ServerLink, window: number, delivered = 0): void {
    this.#link = link;
    this.#window = window;
    this.isPaused = false;
    this.#gaps.startAfter(delivered);
    this.#hasGap = false;
    this.#listen(link);
    this.pull();
  }

  /** Requests as many messages as fit in the window. */
  pull(): void {
    if (this.isPaused || this.#inbox === undefined) return;
    this.#inbox.requests.request(this.#window - this.#inFlight.size, this.#window);
  }

  /** Sets the window, and withdraws the requests that exceed a smaller window. */
  async resize(window: number): Promise<void> {
    const isSmaller = window < this.#window;
    this.#window = window;
    if (isSmaller && (this.#inbox?.requests.requested ?? 0) + this.#inFlight.waitingCount > 0) {
      await this.withdraw();
      this.#nakWaiting();
      if (this.#link !== undefined && !this.isPaused) this.#listen(this.#link);
    }
    this.pull();
  }

  /**
   * Stops requesting. Resolves once the server has withdrawn the requests, after the messages that it had already
   * sent.
   */
  withdraw(): Promise<void> {
    const inbox = this.#inbox;
    this.#inbox = undefined;
    if (inbox !== undefined)
      this.#withdrawn = inbox.withdraw((msg) => this.#keep(msg)).catch(() => undefined);
    return this.#withdrawn;
  }

  #keep(msg: Msg): void {
    if (isFromStream(msg) && this.#admits(msg)) this.#inFlight.add(deliveryOf(msg, this.#options));
  }

  /** Stops dispatching. Waiting messages of a source without lanes go back to the server at once. */
  async stop(): Promise<void> {
    this.isPaused = true;
    await this.withdraw();
    this.#nakWaiting();
  }

  /** Takes the next waiting message for dispatch. */
  next(): NatsDelivery | undefined {
    return this.isPaused ? undefined : this.#inFlight.next();
  }

  ack(delivery: NatsDelivery): void {
    this.#options.acks.ack(delivery.reply);
    this.#inFlight.settle(delivery);
  }

  /** Acknowledges a forwarded message. Resolves once the server has confirmed the acknowledgement. */
  async confirmAck(delivery: NatsDelivery): Promise<void> {
    await this.#link?.nc
      .request(delivery.reply, ACK_BODY, { timeout: this.#options.leaseMs })
      .catch(() => undefined);
    this.#inFlight.settle(delivery);
  }

  /** Keeps a message that cannot be stored elsewhere now, outside the window. */
  park(delivery: NatsDelivery): void {
    this.#inFlight.park(delivery);
  }

  /** Asks the server to redeliver a message after a delay. */
  nak(delivery: NatsDelivery, delayMs: number): void {
    this.#options.acks.nak(delivery.reply, delayMs);
    this.#inFlight.settle(delivery);
  }

  /** Pauses a lane and keeps a released delivery until all messages of the lane go back in order. */
  release(delivery: NatsDelivery): void {
    this.isPaused = true;
    this.#inFlight.release(delivery);
  }

  /** Resolves once no handler has a message. */
  handlersDone(): Promise<void> {
    return this.#inFlight.handlersDone();
  }

  /** Resolves once no handler has a message and none waits. */
  allSettled(): Promise<void> {
    return this.#inFlight.allSettled();
  }

  /** Revokes all messages in flight and returns them to the server in order. Resolves once the server has read that. */
  async close(): Promise<void> {
    this.isPaused = true;
    await this.withdraw();
    const link = this.#link;
    if (link === undefined) return;
    const { dispatched, others } = this.#inFlight.revoke();
    for (const delivery of [...dispatched, ...others].toSorted((one, other) => one.sequence - other.sequence))
      this.#options.acks.nak(delivery.reply, 0);
    this.#link = undefined;
    this.#options.onRevoked(dispatched.length);
    await link.writes.flushed();
  }

  /**
   * Revokes all messages in flight, because the link is lost or the leases have expired.
   * @param hasLease whether the leases still hold: messages of a source without lanes then go back on the next link
   */
  lose({ hasLease }: { readonly hasLease: boolean }): void {
    this.#closeInbox();
    this.#link = undefined;
    const { dispatched, others } = this.#inFlight.revoke();
    if (hasLease && this.lane === undefined)
      for (const { reply } of [...dispatched, ...others]) this.#options.acks.nakOnNextLink(reply);
    this.#options.onRevoked(dispatched.length);
  }

  #closeInbox(): void {
    this.#inbox?.close();
    this.#inbox = undefined;
  }

  /**
   * Renews leases. In a lane all leases are renewed together, so that they would expire in the order of the messages.
   * In a source without lanes a message is renewed from the second renewal on, because the lease of a new message is
   * still fresh.
   */
  renew(): void {
    this.#inbox?.requests.forgetExpired();
    this.pull();
    const isLane = this.lane !== undefined;
    for (const delivery of this.#inFlight) {
      if (isLane || delivery.needsRenewal) this.#options.acks.working(delivery.reply);
      delivery.needsRenewal = true;
    }
  }

  #listen(link: ServerLink): void {
    if (this.#hasGap) return;
    const inbox = new PullInbox(link, this.#options);
    inbox.listen((msg) => this.#arrive(inbox, msg));
    this.#inbox = inbox;
  }

  #arrive({ requests }: PullInbox, msg: Msg): void {
    if (this.#link === undefined) return;
    if (!isFromStream(msg)) {
      this.#watch.onStatus(requests.status(msg), this.#link);
      return this.pull();
    }
    requests.arrived();
    this.#watch.onAnswer();
    if (!this.#admits(msg)) return;
    const delivery = deliveryOf(msg, this.#options);
    const { reply } = delivery;
    const earlyMs = delivery.due - this.#options.clock.now();
    if (earlyMs > 0) {
      this.#options.acks.nak(reply, earlyMs);
      return this.pull();
    }
    if (delivery.isRedelivery) this.#options.onRevoked(this.#inFlight.revokeRedelivered(delivery.sequence));
    this.#inFlight.add(delivery);
    if (this.isPaused && this.lane === undefined) this.#nakWaiting();
    else this.#options.onArrival();
    this.pull();
  }

  /**
   * Returns false for a message of a lane if a delivery before it is missing. It stays unsettled, and the server
   * redelivers it after the missing one.
   */
  #admits({ reply = "" }: Msg): boolean {
    if (this.lane === undefined) return true;
    if (!this.#hasGap && this.#gaps.accepts(reply)) return true;
    if (!this.#hasGap) {
      this.#hasGap = true;
      // Without an orderly withdrawal, the server would redeliver the missing message on a request without a listener.
      void this.withdraw();
      this.#options.onGap();
    }
    return false;
  }

  /** Revokes the messages in flight, which the server has dropped together with the consumer. */
  #consumerDeleted(link: ServerLink): void {
    this.#options.onDeleted();
    if (this.#link !== link) return;
    this.#gaps.startAfter(0);
    this.#options.onRevoked(this.#inFlight.revoke().dispatched.length);
  }

  #nakWaiting(): void {
    if (this.lane !== undefined) return;
    for (const { reply } of this.#inFlight.takeWaiting()) this.#options.acks.nak(reply, 0);
  }
}
