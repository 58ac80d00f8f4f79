/** The part of a channel that settles, by delivery tag. */
export interface AckChannel {
  ack(tag: number, upTo: boolean): void;
}

/**
 * Coalesces the acknowledgements of one channel: what was settled in one turn of the event loop goes out together, as
 * one `multiple` ack up to the first open delivery and single ones beyond it. Tags count up from 1 on each channel
 * (AMQP 0-9-1 §1.8.3.13); a multiple ack must name one that is still open.
 */
export class Acknowledgements {
  readonly #channel: AckChannel;
  /** The lowest tag that is not settled. */
  #lowest = 1;
  /** Settled above the lowest: true where the broker has been told already. */
  readonly #beyond = new Map<number, boolean>();
  /** The highest tag below the lowest that the broker has not been told of. */
  #upTo = 0;
  #isScheduled = false;
  #isOver = false;

  constructor(channel: AckChannel) {
    this.#channel = channel;
  }

  /** To be acknowledged with the next flush. */
  ack(tag: number): void {
    this.#settle(tag, false);
    if (this.#isScheduled || this.#isOver) return;
    this.#isScheduled = true;
    setImmediate(() => this.flush());
  }

  /** The broker has been told otherwise: rejected. */
  told(tag: number): void {
    this.#settle(tag, true);
  }

  /** Sends what is due. */
  flush(): void {
    this.#isScheduled = false;
    if (this.#isOver) return;
    if (this.#upTo > 0) this.#channel.ack(this.#upTo, true);
    this.#upTo = 0;
    for (const [tag, isTold] of this.#beyond) {
      if (isTold) continue;
      this.#beyond.set(tag, true);
      this.#channel.ack(tag, false);
    }
  }

  /** The channel is gone: nothing may be said any more, its tags mean something else on the next. */
  end(): void {
    this.#isOver = true;
  }

  #settle(tag: number, isTold: boolean): void {
    if (tag !== this.#lowest) {
      this.#beyond.set(tag, isTold);
      return;
    }
    if (!isTold) this.#upTo = tag;
    this.#lowest += 1;
    for (;;) {
      const next = this.#beyond.get(this.#lowest);
      if (next === undefined) return;
      this.#beyond.delete(this.#lowest);
      if (!next) this.#upTo = this.#lowest;
      this.#lowest += 1;
    }
  }
}
