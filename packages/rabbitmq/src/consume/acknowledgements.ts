/** The part of a channel that acknowledges deliveries by their tags. */
export interface AckChannel {
  ack(tag: number, upTo: boolean): void;
}

/**
 * Coalesces the acknowledgements of one channel. The deliveries settled in one turn of the event loop share one `multiple`
 * ack up to the first unsettled delivery; the settled ones above it get single acks. Tags count up from 1 on each channel
 * (AMQP 0-9-1 §1.8.3.13). A multiple ack must name an unsettled tag.
 */
export class Acknowledgements {
  readonly #channel: AckChannel;
  /** The lowest unsettled tag. */
  #lowest = 1;
  /** The settled tags above the lowest unsettled one, and whether RabbitMQ was told of each. */
  readonly #aboveLowest = new Map<number, boolean>();
  /** The tag of the next multiple ack; 0 for none. */
  #upTo = 0;
  #isScheduled = false;
  #isEnded = false;

  constructor(channel: AckChannel) {
    this.#channel = channel;
  }

  /** Acknowledges a delivery with the next flush. */
  ack(tag: number): void {
    this.#settle(tag, false);
    if (this.#isScheduled || this.#isEnded) return;
    this.#isScheduled = true;
    setImmediate(() => this.flush());
  }

  /**
   * Marks a delivery as settled that the caller has rejected or requeued, so that no acknowledgement is sent for it.
   */
  markSettled(tag: number): void {
    this.#settle(tag, true);
  }

  /** Sends the pending acknowledgements. */
  flush(): void {
    this.#isScheduled = false;
    if (this.#isEnded) return;
    if (this.#upTo > 0) this.#channel.ack(this.#upTo, true);
    this.#upTo = 0;
    for (const [tag, isSent] of this.#aboveLowest) {
      if (isSent) continue;
      this.#aboveLowest.set(tag, true);
      this.#channel.ack(tag, false);
    }
  }

  /** Stops sending. The channel is closed, and on the next channel its tags name other deliveries. */
  end(): void {
    this.#isEnded = true;
  }

  #settle(tag: number, isSent: boolean): void {
    if (tag !== this.#lowest) {
      this.#aboveLowest.set(tag, isSent);
      return;
    }
    if (!isSent) this.#upTo = tag;
    this.#lowest += 1;
    for (;;) {
      const next = this.#aboveLowest.get(this.#lowest);
      if (next === undefined) return;
      this.#aboveLowest.delete(this.#lowest);
      if (!next) this.#upTo = this.#lowest;
      this.#lowest += 1;
    }
  }
}
