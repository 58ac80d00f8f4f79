import type { Cancel, Clock } from "../../environment/clock.ts";
import type { MessagingError } from "../../environment/messaging-error.ts";
import type { EnsureDestination } from "../../pipeline/steps/store.ts";
import type { PublishFailure, PublishResult } from "../../spi/transport.ts";
import type { WireMessage } from "../../spi/wire-message.ts";
import type { MaybePromise } from "../../pipeline/maybe-promise.ts";
import {
  isWorthResending,
  notStored,
  publishTimeout,
  stoppedBeforeStored,
  withdrawn,
} from "./send-errors.ts";
import { SendQueue, type QueuedMessage } from "./send-queue.ts";

/** The part of the sender that a queue uses. */
export interface DestinationQueueHost {
  readonly clock: Clock;
  /** How long a message may wait, in milliseconds. */
  readonly timeoutMs: number;
  /** Whether the broker accepts messages at the moment. */
  readonly isOpen: boolean;
  readonly isClosed: boolean;
  /** Never rejects. */
  publish(messages: readonly WireMessage[]): Promise<readonly PublishResult[]>;
  /** Returns the failure of a message; undefined for a stored one. */
  failureOf(message: WireMessage, result: PublishResult | undefined): PublishFailure | undefined;
  /** Called when a message or a batch has ended. */
  onEnd(): void;
}

/** A message with its position in the order of sending. */
export interface SentMessage {
  readonly message: WireMessage;
  /** Its position among all messages of the sender. */
  readonly order: number;
  /** When it was sent, in milliseconds since the Unix epoch. */
  readonly since: number;
}

/** A message that cannot be published at once. */
export interface BufferedMessage extends SentMessage {
  /** Whether the broker may have it already. */
  readonly maybeStored: boolean;
  /** Resolves once its destination is provisioned; undefined where it is. */
  readonly ensure: EnsureDestination | undefined;
}

/** The outcome of one message: undefined when it is stored, else the error. A promise while it waits to be resent. */
export type Outcome = MaybePromise<MessagingError | undefined>;

const LARGEST_BATCH = 1_000;
const PAUSE_MS = { first: 20, longest: 1_000 } as const;

/** The messages that wait for one destination, in order. A destination that accepts nothing delays no other one. */
export class DestinationQueue {
  readonly queue: SendQueue = new SendQueue();
  /**
   * The number of messages that were published without waiting and have no result yet. They enter the queue if they
   * must be resent.
   */
  inFlight = 0;
  readonly #host: DestinationQueueHost;
  #isFlushing = false;
  #pauseMs: number = PAUSE_MS.first;
  #cancelPause: Cancel | undefined = undefined;
  /** When a message of the queue was stored last. */
  #storedAt = Number.NEGATIVE_INFINITY;
  /** The number of unsettled messages of the batch that the transport publishes. */
  #batchInFlight = 0;
  /** Called when that number becomes 0. */
  #onBatchEnded: () => void = () => undefined;

  constructor(host: DestinationQueueHost) {
    this.#host = host;
  }

  get isIdle(): boolean {
    return this.inFlight === 0 && this.queue.size === 0;
  }

  /** Adds a message. Resolves with undefined once it is stored, else with the error. */
  wait(buffered: BufferedMessage): Promise<MessagingError | undefined> {
    const { message, order, since, maybeStored, ensure } = buffered;
    const { clock, timeoutMs, isClosed } = this.#host;
    if (isClosed) return Promise.resolve(stoppedBeforeStored(message, maybeStored));
    return new Promise((settle) => {
      const leftMs = Math.max(0, since + timeoutMs - clock.now());
      const cancel = clock.schedule(leftMs, () => this.#expire(entry));
      const awaitsDestination = ensure !== undefined;
      const entry: QueuedMessage = {
        message,
        order,
        settle,
        cancel,
        maybeStored,
        isInFlight: false,
        awaitsDestination,
      };
      this.queue.insert(entry);
      if (ensure !== undefined) this.#awaitDestination(entry, ensure);
    });
  }

  /**
   * Returns the outcome of a message that was published without waiting. A message that is worth resending enters the
   * queue.
   */
  outcomeOf(result: PublishResult | undefined, sent: SentMessage): Outcome {
    const failure = this.#host.failureOf(sent.message, result);
    if (failure === undefined) return undefined;
    if (!isWorthResending(failure)) return notStored(sent.message, failure);
    return this.wait({ ...sent, maybeStored: failure.maybeStored, ensure: undefined });
  }

  /** Removes a waiting message. Returns whether the broker may have it; undefined when it does not wait here. */
  withdraw(message: WireMessage): boolean | undefined {
    const entry = this.queue.find(message);
    if (entry === undefined) return undefined;
    const { maybeStored } = entry;
    this.#settle(entry, withdrawn(message, maybeStored));
    return maybeStored;
  }

  /**
   * Publishes the waiting messages, oldest first. It does nothing while messages are in flight: they may come back and go
   * before the waiting ones.
   */
  flush(): void {
    const isIdle = !this.#isFlushing && this.inFlight === 0 && this.#cancelPause === undefined;
    if (!isIdle || !this.#host.isOpen || this.queue.size === 0) return;
    this.#isFlushing = true;
    void this.#flushAll().finally(() => {
      this.#isFlushing = false;
      this.#host.onEnd();
      // More messages may have come meanwhile. A message that awaits its destination calls flush itself.
      if (this.queue.first(1).length > 0) this.flush();
    });
  }

  /** Fails all waiting messages. */
  close(): void {
    this.#cancelPause?.();
    for (const entry of this.queue.all())
      this.#settle(entry, stoppedBeforeStored(entry.message, entry.maybeStored));
  }

  async #flushAll(): Promise<void> {
    while (this.#host.isOpen) {
      const batch = this.queue.first(LARGEST_BATCH);
      if (batch.length === 0) return;
      const maybeStoredBefore = batch.map(({ maybeStored }) => maybeStored);
      for (const entry of batch) {
        entry.isInFlight = true;
        entry.maybeStored = true; // an unknown outcome, until the broker answers
      }
      const results = await this.#publish(batch);
      if (results === undefined) continue;
      const waiting = batch.filter(
        (entry, at) => !this.#settleBy(results[at], entry, maybeStoredBefore[at] === true),
      );
      if (waiting.length < batch.length) this.#pauseMs = PAUSE_MS.first;
      if (waiting.length > 0) return this.#pause();
    }
  }

  /** Resolves with the results of the transport, or with undefined when all messages have ended without them. */
  #publish(batch: readonly QueuedMessage[]): Promise<readonly PublishResult[] | undefined> {
    return new Promise((resolve) => {
      this.#batchInFlight = batch.length;
      this.#onBatchEnded = () => resolve(undefined);
      void this.#host.publish(batch.map(({ message }) => message)).then(resolve);
    });
  }

  /** Settles a resent message by its result. Returns false when it must go on waiting. */
  #settleBy(result: PublishResult | undefined, entry: QueuedMessage, maybeStoredBefore: boolean): boolean {
    entry.isInFlight = false;
    const failure = this.#host.failureOf(entry.message, result);
    if (failure === undefined) {
      this.#storedAt = this.#host.clock.now();
      this.#settle(entry, undefined);
    } else if (isWorthResending(failure)) entry.maybeStored = maybeStoredBefore || failure.maybeStored;
    else this.#settle(entry, notStored(entry.message, failure));
    return failure === undefined || !isWorthResending(failure);
  }

  /** Flushes again after a pause, with backoff. Called when a ready transport has accepted nothing. */
  #pause(): void {
    this.#cancelPause = this.#host.clock.schedule(this.#pauseMs, () => {
      this.#cancelPause = undefined;
      this.flush();
    });
    this.#pauseMs = Math.min(PAUSE_MS.longest, this.#pauseMs * 2);
  }

  /** Fails a message after its timeout. While the queue makes progress, the message gets a new timeout instead. */
  #expire(entry: QueuedMessage): void {
    const { clock, timeoutMs, isOpen } = this.#host;
    const isProgressing = isOpen && clock.now() - this.#storedAt < timeoutMs;
    if (isProgressing && !entry.isInFlight && !entry.awaitsDestination)
      entry.cancel = clock.schedule(timeoutMs, () => this.#expire(entry));
    else this.#settle(entry, publishTimeout(entry.message, timeoutMs, entry));
  }

  /** Provisions the destination of a message. While the broker is unreachable it retries, as long as the message may wait. */
  #awaitDestination(entry: QueuedMessage, ensure: EnsureDestination): void {
    const proceed = (): void => {
      entry.awaitsDestination = false;
      this.flush();
    };
    const pending = ensure();
    if (pending === undefined) return proceed();
    pending.then(proceed, (error: MessagingError) => {
      if (this.queue.find(entry.message) !== entry) return;
      if (isWorthResending(error)) this.#awaitDestination(entry, ensure);
      else this.#settle(entry, error);
    });
  }

  #settle(entry: QueuedMessage, error: MessagingError | undefined): void {
    if (!this.queue.remove(entry)) return;
    entry.cancel();
    entry.settle(error);
    if (entry.isInFlight && --this.#batchInFlight === 0) this.#onBatchEnded();
    this.#host.onEnd();
  }
}
