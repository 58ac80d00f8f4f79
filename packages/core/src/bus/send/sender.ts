import type { Clock } from "../../environment/clock.ts";
import type { MessagingError } from "../../environment/messaging-error.ts";
import {
  allStored,
  isLostReply,
  ONE_STORED,
  settled,
  unknownResult,
  UNANSWERED,
  type InFlightBatch,
  type Outcomes,
} from "./in-flight-batch.ts";
import type { MaybePromise } from "../../pipeline/maybe-promise.ts";
import type { EnsureDestination } from "../../pipeline/steps/store.ts";
import { STORED, type PublishFailure, type PublishResult, type Transport } from "../../spi/transport.ts";
import type { WireMessage } from "../../spi/wire-message.ts";
import { InFlight } from "./in-flight.ts";
import type { DestinationQueue, DestinationQueueHost } from "./destination-queue.ts";
import { DestinationQueues, type SendLimits } from "./destination-queues.ts";
import { notStored, publishTimeout } from "./send-errors.ts";

export interface SenderOptions extends SendLimits {
  /** How long one message may wait, in milliseconds. */
  readonly timeoutMs: number;
}

/**
 * Stores messages at the broker, through lost connections and blocked brokers. A message that the transport could not
 * store for the moment waits in the queue of its destination and is resent in order under the same id, until its timeout.
 * While the broker is unreachable the send buffer limits the number and the bytes of the waiting messages; while the
 * broker accepts messages there is no limit.
 */
export class Sender implements DestinationQueueHost {
  readonly clock: Clock;
  readonly timeoutMs: number;
  readonly #transport: Transport;
  readonly #options: SenderOptions;
  readonly #queues = new DestinationQueues(this);
  readonly #inFlight: InFlight<InFlightBatch>;
  #order = 0;
  #batchesInFlight = 0;
  #isReady = false;
  #whenIdle: (() => void)[] = [];
  isClosed = false;
  /** The number of replies whose requester was gone: nobody needs them, so they are only counted. */
  lostReplies = 0;

  constructor(transport: Transport, clock: Clock, options: SenderOptions) {
    this.#transport = transport;
    this.clock = clock;
    this.timeoutMs = options.timeoutMs;
    this.#options = options;
    this.#inFlight = new InFlight({
      clock,
      timeoutMs: options.timeoutMs,
      giveUp: (batch) => this.#giveUp(batch),
    });
  }

  /** The number of messages that wait for the broker. */
  get waiting(): number {
    return this.#queues.waiting.messages;
  }

  get isOpen(): boolean {
    return this.#isReady && !this.isClosed;
  }

  /** Sets whether the broker accepts messages at the moment. Until it is set to true, every message waits. */
  set isReady(isReady: boolean) {
    this.#isReady = isReady;
    if (isReady) for (const queue of this.#queues.all()) queue.flush();
  }

  /**
   * Resolves with `stored` once the message is stored; rejects with the reason why it is not.
   * @param ensure undefined for a destination that is provisioned
   */
  store<Answer>(message: WireMessage, stored: Answer, ensure?: EnsureDestination): Promise<Answer> {
    const queue = this.#queues.of(message.destination);
    if (ensure === undefined && this.#mayPublish(queue))
      // Most messages cost one promise of the transport and two of ours.
      return new Promise((resolve, reject) => {
        this.#publishBatch([message], queue, ([outcome]) => {
          if (outcome === undefined) resolve(stored);
          else void settled(outcome, stored).then(resolve, reject);
        });
      });
    const refusal = this.#overLimit([message], ensure !== undefined);
    if (refusal !== undefined) return Promise.reject(refusal);
    return settled(this.#wait(message, queue, ensure), stored);
  }

  /**
   * Stores all messages, in the order of each destination; rejects with the first failure once the outcome of each is
   * known. When the transport knows that it will refuse one of them, none is published.
   */
  storeAll(messages: readonly WireMessage[]): Promise<void> {
    const [first] = messages;
    return first !== undefined && messages.length === 1
      ? this.store(first, undefined)
      : this.#storeTogether(messages);
  }

  async #storeTogether(messages: readonly WireMessage[]): Promise<void> {
    for (const message of messages) {
      const failure = this.#transport.refusalOf?.(message);
      if (failure !== undefined && !isLostReply(message, failure)) throw notStored(message, failure);
    }
    const refusal = this.#overLimit(messages, false);
    if (refusal !== undefined) throw refusal;
    const outcomes: MaybePromise<Outcomes>[] = [];
    for (const [queue, own] of this.#queues.grouped(messages)) outcomes.push(this.#publishOrWait(own, queue));
    await allStored(outcomes);
  }

  /** Removes a message that is not sent yet, for good. Returns whether the broker may have it. */
  withdraw(message: WireMessage): boolean {
    return this.#queues.of(message.destination).withdraw(message) ?? true;
  }

  /** Returns whether a message waits here and the broker certainly does not have it. */
  isBuffered(message: WireMessage): boolean {
    const entry = this.#queues.of(message.destination).queue.find(message);
    return entry?.maybeStored === false;
  }

  /** Resolves when no message waits or is in flight. */
  idle(): Promise<void> {
    if (this.#isIdle) return Promise.resolve();
    return new Promise((resolve) => this.#whenIdle.push(resolve));
  }

  /** Fails all waiting messages, and every later one. */
  close(): void {
    this.isClosed = true;
    this.#inFlight.close();
    for (const queue of this.#queues.all()) queue.close();
  }

  /** A transport must not reject. When one does, the outcome of its messages is unknown. */
  publish(messages: readonly WireMessage[]): Promise<readonly PublishResult[]> {
    return this.#transport
      .publish(messages)
      .catch((cause: unknown) => messages.map(() => unknownResult(cause)));
  }

  failureOf(message: WireMessage, result: PublishResult | undefined): PublishFailure | undefined {
    if (result === undefined || result.ok) return undefined;
    if (!isLostReply(message, result.error)) return result.error;
    this.lostReplies += 1;
    return undefined;
  }

  onEnd(): void {
    if (this.#whenIdle.length > 0 && this.#isIdle) for (const resolve of this.#whenIdle.splice(0)) resolve();
  }

  get #isIdle(): boolean {
    return this.#batchesInFlight === 0 && this.waiting === 0;
  }

  /** Whether a message may be published at once: it must not overtake a waiting one. */
  #mayPublish(queue: DestinationQueue): boolean {
    return this.#isReady && !this.isClosed && queue.queue.size === 0;
  }

  /** Returns an error when messages do not fit into the send buffer while the broker is unreachable. */
  #overLimit(messages: readonly WireMessage[], awaitsDestination: boolean): MessagingError | undefined {
    if (this.isClosed || (this.#isReady && !awaitsDestination)) return undefined;
    return this.#queues.overLimit(messages, this.#options);
  }

  #publishOrWait(messages: readonly WireMessage[], queue: DestinationQueue): MaybePromise<Outcomes> {
    if (this.#mayPublish(queue))
      return new Promise((resolve) => this.#publishBatch(messages, queue, resolve));
    return messages.map((message) => this.#wait(message, queue, undefined));
  }

  #wait(
    message: WireMessage,
    queue: DestinationQueue,
    ensure: EnsureDestination | undefined,
  ): Promise<MessagingError | undefined> {
    const outcome = queue.wait({
      message,
      order: this.#order++,
      since: this.clock.now(),
      maybeStored: false,
      ensure,
    });
    queue.flush();
    return outcome;
  }

  /** Publishes messages of one destination. Calls `onOutcomes` once the transport has answered, or at the timeout. */
  #publishBatch(
    messages: readonly WireMessage[],
    queue: DestinationQueue,
    onOutcomes: InFlightBatch["onOutcomes"],
  ): void {
    const batch: InFlightBatch = {
      messages,
      queue,
      order: this.#order,
      onOutcomes,
      since: this.clock.now(),
      isOver: false,
      before: undefined,
      after: undefined,
    };
    this.#order += messages.length;
    queue.inFlight += 1;
    this.#batchesInFlight += 1;
    this.#inFlight.begin(batch);
    const onAnswer = (answer: unknown): void => this.#endBatch(batch, answer);
    this.#transport.publish(messages).then(onAnswer, onAnswer);
  }

  /** @param answer the results; the error of a transport that rejects, which it must not */
  #endBatch(batch: InFlightBatch, answer: unknown): void {
    if (!this.#inFlight.end(batch)) return;
    const { messages, queue, order, since, onOutcomes } = batch;
    const results: readonly PublishResult[] = Array.isArray(answer)
      ? answer
      : messages.map(() => unknownResult(answer));
    queue.inFlight -= 1;
    this.#batchesInFlight -= 1;
    // A message that must be resent is in the queue before a later one may be published.
    if (results.length === 1 && results[0] === STORED) onOutcomes(ONE_STORED);
    else
      onOutcomes(
        messages.map((message, at) => queue.outcomeOf(results[at], { message, order: order + at, since })),
      );
    this.#proceed(queue);
  }

  #giveUp({ messages, queue, onOutcomes }: InFlightBatch): void {
    queue.inFlight -= 1;
    this.#batchesInFlight -= 1;
    onOutcomes(messages.map((message) => publishTimeout(message, this.timeoutMs, UNANSWERED)));
    this.#proceed(queue);
  }

  #proceed(queue: DestinationQueue): void {
    if (queue.queue.size > 0) queue.flush();
    if (this.#whenIdle.length > 0) this.onEnd();
  }
}
