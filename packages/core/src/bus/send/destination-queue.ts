import type { Cancel, Clock } from "../../environment/clock.ts";
import type { MessagingError } from "../../environment/messaging-error.ts";
import type { PublishFailure, PublishResult } from "../../spi/transport.ts";
import type { WireMessage } from "../../spi/wire-message.ts";
import { isWorthResending, neverStored, publishTimeout, stopped, withdrawn } from "./send-errors.ts";
import { SendQueue, type Waiting } from "./send-queue.ts";

/** What an outlet needs of its sender. */
export interface DestinationQueueHost {
  readonly clock: Clock;
  /** How long a message may wait. */
  readonly timeoutMs: number;
  /** Whether the broker takes messages at the moment. */
  readonly isOpen: boolean;
  readonly isClosed: boolean;
  /** Never rejects. */
  publish(messages: readonly WireMessage[]): Promise<readonly PublishResult[]>;
  failureOf(message: WireMessage, result: PublishResult | undefined): PublishFailure | undefined;
  /** Something has ended. */
  onEnd(): void;
}

/** A message that cannot leave at once. */
export interface Late {
  readonly message: WireMessage;
  readonly order: number;
  /** When it was handed in. */
  readonly since: number;
  /** Whether the broker may have it already. */
  readonly maybeStored: boolean;
  /** Resolves once its destination is provisioned; absent where it is. */
  readonly learning: (() => Promise<void> | undefined) | undefined;
}

const LARGEST_BATCH = 1_000;
const PAUSE_MS = { first: 20, longest: 1_000 } as const;

/** What waits to be sent to one destination, in order. One destination that takes nothing delays no other. */
export class DestinationQueue {
  readonly queue: SendQueue = new SendQueue();
  /** Messages that were sent without waiting and are not answered yet: they may come back to wait. */
  inFlight = 0;
  readonly #host: DestinationQueueHost;
  #isFlushing = false;
  #pauseMs: number = PAUSE_MS.first;
  #cancelPause: Cancel | undefined = undefined;
  /** When a message that waited was stored last. */
  #storedAt = Number.NEGATIVE_INFINITY;
  /** How many of the batch that the transport has are not settled, and what happens when none is left. */
  #out = 0;
  #onAllEnded: () => void = () => undefined;

  constructor(host: DestinationQueueHost) {
    this.#host = host;
  }

  get isIdle(): boolean {
    return this.inFlight === 0 && this.queue.size === 0;
  }

  /** Resolves with nothing once the message is stored, else with the reason why it is not. */
  wait(late: Late): Promise<MessagingError | undefined> {
    const { message, order, since, maybeStored, learning } = late;
    const { clock, timeoutMs, isClosed } = this.#host;
    if (isClosed) return Promise.resolve(stopped(message, maybeStored));
    return new Promise((settle) => {
      const restMs = Math.max(0, since + timeoutMs - clock.now());
      const cancel = clock.schedule(restMs, () => this.#expire(entry));
      const isHeldBack = learning !== undefined;
      const entry: Waiting = { message, order, settle, cancel, maybeStored, isOut: false, isHeldBack };
      this.queue.insert(entry);
      if (learning !== undefined) this.#learn(entry, learning);
    });
  }

  /** Takes a message out that waits here. Answers whether the broker may have it; nothing when it does not wait. */
  withdraw(message: WireMessage): boolean | undefined {
    const entry = this.queue.find(message);
    if (entry === undefined) return undefined;
    const { maybeStored } = entry;
    this.#settle(entry, withdrawn(message, maybeStored));
    return maybeStored;
  }

  /** Sends what waits, oldest first. What is still on its way goes before it: it may come back to wait. */
  flush(): void {
    const isIdle = !this.#isFlushing && this.inFlight === 0 && this.#cancelPause === undefined;
    if (!isIdle || !this.#host.isOpen || this.queue.size === 0) return;
    this.#isFlushing = true;
    void this.#flushAll().finally(() => {
      this.#isFlushing = false;
      this.#host.onEnd();
      // More may have come meanwhile; what is held back comes with a call of its own.
      if (this.queue.first(1).length > 0) this.flush();
    });
  }

  /** Fails what waits. */
  close(): void {
    this.#cancelPause?.();
    for (const entry of this.queue.all()) this.#settle(entry, stopped(entry.message, entry.maybeStored));
  }

  async #flushAll(): Promise<void> {
    while (this.#host.isOpen) {
      const batch = this.queue.first(LARGEST_BATCH);
      if (batch.length === 0) return;
      const doubts = batch.map(({ maybeStored }) => maybeStored);
      for (const entry of batch) {
        entry.isOut = true;
        entry.maybeStored = true; // until the broker says otherwise
      }
      const results = await this.#answerFor(batch);
      if (results === undefined) continue;
      const waiting = batch.filter((entry, at) => !this.#judge(entry, results[at], doubts[at] === true));
      if (waiting.length < batch.length) this.#pauseMs = PAUSE_MS.first;
      if (waiting.length > 0) return this.#pause();
    }
  }

  /** The transport's answer; nothing when all messages have come to their end without it. */
  #answerFor(batch: readonly Waiting[]): Promise<readonly PublishResult[] | undefined> {
    return new Promise((resolve) => {
      this.#out = batch.length;
      this.#onAllEnded = () => resolve(undefined);
      void this.#host.publish(batch.map(({ message }) => message)).then(resolve);
    });
  }

  /** Settles a resent message; false when it must wait on. */
  #judge(entry: Waiting, result: PublishResult | undefined, wasDoubtful: boolean): boolean {
    entry.isOut = false;
    const failure = this.#host.failureOf(entry.message, result);
    if (failure === undefined) {
      this.#storedAt = this.#host.clock.now();
      this.#settle(entry, undefined);
    } else if (isWorthResending(failure)) entry.maybeStored = wasDoubtful || failure.maybeStored;
    else this.#settle(entry, neverStored(entry.message, failure));
    return failure === undefined || !isWorthResending(failure);
  }

  /** A transport that says it is ready and takes nothing is asked again after a while, not at once. */
  #pause(): void {
    this.#cancelPause = this.#host.clock.schedule(this.#pauseMs, () => {
      this.#cancelPause = undefined;
      this.flush();
    });
    this.#pauseMs = Math.min(PAUSE_MS.longest, this.#pauseMs * 2);
  }

  /** A queue that moves is waited for: its end is a matter of time. */
  #expire(entry: Waiting): void {
    const { clock, timeoutMs, isOpen } = this.#host;
    const isMoving = isOpen && !entry.isOut && !entry.isHeldBack && clock.now() - this.#storedAt < timeoutMs;
    if (isMoving) entry.cancel = clock.schedule(timeoutMs, () => this.#expire(entry));
    else this.#settle(entry, publishTimeout(entry.message, timeoutMs, entry));
  }

  /** Provisioning that failed for want of a broker is begun anew, as long as the message may wait. */
  #learn(entry: Waiting, learning: () => Promise<void> | undefined): void {
    const go = (): void => {
      entry.isHeldBack = false;
      this.flush();
    };
    const pending = learning();
    if (pending === undefined) return go();
    pending.then(go, (error: MessagingError) => {
      if (this.queue.find(entry.message) !== entry) return;
      if (isWorthResending(error)) this.#learn(entry, learning);
      else this.#settle(entry, error);
    });
  }

  #settle(entry: Waiting, error: MessagingError | undefined): void {
    if (!this.queue.remove(entry)) return;
    entry.cancel();
    entry.settle(error);
    if (entry.isOut && --this.#out === 0) this.#onAllEnded();
    this.#host.onEnd();
  }
}
