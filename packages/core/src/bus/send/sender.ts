import type { Clock } from "../../environment/clock.ts";
import type { MessagingError } from "../../environment/messaging-error.ts";
import {
  allStored,
  isLostReply,
  ONE_STORED,
  settled,
  unknownFate,
  UNANSWERED,
  type Fate,
  type Fates,
  type Sending,
} from "./in-flight-batch.ts";
import { sizeOf } from "../../message/wire-size.ts";
import type { MaybePromise } from "../../pipeline/maybe-promise.ts";
import { STORED, type PublishFailure, type PublishResult, type Transport } from "../../spi/transport.ts";
import type { WireMessage } from "../../spi/wire-message.ts";
import { InFlight } from "./in-flight.ts";
import type { DestinationQueue, DestinationQueueHost } from "./destination-queue.ts";
import { DestinationQueues } from "./destination-queues.ts";
import { bufferFull, isWorthResending, neverStored, publishTimeout } from "./send-errors.ts";

export interface SenderOptions {
  /** How many messages may wait while the broker is away. */
  readonly sendBuffer: number;
  /** How many bytes they may have together. */
  readonly sendBufferBytes: number;
  /** How long one may wait, in milliseconds. */
  readonly timeoutMs: number;
}

/** Called for a message whose destination is not known to be provisioned: what it waits for, as long as there is something. */
export type Learning = () => Promise<void> | undefined;

/**
 * Stores messages, through lost connections and blocked brokers: what the transport reports as worth resending waits
 * for its destination, in order, bounded in time, and goes out again under the same id. While the broker is away the
 * number and the bytes of what waits are bounded too; while it takes messages, more than it takes at a time just wait.
 */
export class Sender implements DestinationQueueHost {
  readonly clock: Clock;
  readonly timeoutMs: number;
  readonly #transport: Transport;
  readonly #options: SenderOptions;
  readonly #queues = new DestinationQueues(this);
  readonly #inFlight: InFlight<Sending>;
  #order = 0;
  #flying = 0;
  #isReady = false;
  #isClosed = false;
  #whenIdle: (() => void)[] = [];
  /** Replies whose requester had gone: nobody is harmed, so they are only counted. */
  lostReplies = 0;

  constructor(transport: Transport, clock: Clock, options: SenderOptions) {
    this.#transport = transport;
    this.clock = clock;
    this.timeoutMs = options.timeoutMs;
    this.#options = options;
    this.#inFlight = new InFlight({
      clock,
      timeoutMs: options.timeoutMs,
      giveUp: (sending) => this.#giveUp(sending),
    });
  }

  /** Messages that wait for the broker. */
  get waiting(): number {
    return this.#queues.waiting.messages;
  }

  get isOpen(): boolean {
    return this.#isReady && !this.#isClosed;
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** Whether the broker takes messages at the moment. Until told so, everything waits. */
  set isReady(isReady: boolean) {
    this.#isReady = isReady;
    if (isReady) for (const queue of this.#queues.all()) queue.flush();
  }

  /**
   * Resolves with `stored` once the message is; rejects with the reason why it is not.
   * @param learning absent for a destination that is known
   */
  store<Answer>(message: WireMessage, stored: Answer, learning?: Learning): Promise<Answer> {
    const queue = this.#queues.of(message.destination);
    if (learning === undefined && this.#passes(queue))
      // The usual message costs one promise of the transport and two of ours, for it must come to an end.
      return new Promise((resolve, reject) => {
        this.#send([message], queue, ([fate]) => {
          if (fate === undefined) resolve(stored);
          else void settled(fate, stored).then(resolve, reject);
        });
      });
    const refused = this.#excess([message], learning !== undefined);
    if (refused !== undefined) return Promise.reject(refused);
    return settled(this.#wait(message, queue, learning), stored);
  }

  /**
   * Stores all, in the order of each destination; rejects with the first failure once the fate of each is known. What
   * is known to be refused, for one of them, keeps all of them here.
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
      if (failure !== undefined && !isLostReply(message, failure)) throw neverStored(message, failure);
    }
    const refused = this.#excess(messages, false);
    if (refused !== undefined) throw refused;
    const fates: MaybePromise<Fates>[] = [];
    for (const [queue, own] of this.#byOutlet(messages)) fates.push(this.#sendTogether(own, queue));
    await allStored(fates);
  }

  /**
   * Takes a message back that has not left: it never will. Answers whether the broker may have it all the same.
   */
  withdraw(message: WireMessage): boolean {
    return this.#queues.of(message.destination).withdraw(message) ?? true;
  }

  /** Whether a message waits here, and the broker does not have it for certain. */
  hasKept(message: WireMessage): boolean {
    const entry = this.#queues.of(message.destination).queue.find(message);
    return entry?.maybeStored === false;
  }

  /** Resolves when nothing is on its way any more. */
  idle(): Promise<void> {
    if (this.#isIdle) return Promise.resolve();
    return new Promise((resolve) => this.#whenIdle.push(resolve));
  }

  /** Refuses what comes and fails what waits. */
  close(): void {
    this.#isClosed = true;
    this.#inFlight.close();
    for (const queue of this.#queues.all()) queue.close();
  }

  /** A transport must not reject; one that does has told nothing about its messages. */
  publish(messages: readonly WireMessage[]): Promise<readonly PublishResult[]> {
    return this.#transport
      .publish(messages)
      .catch((cause: unknown) => messages.map(() => unknownFate(cause)));
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
    return this.#flying === 0 && this.waiting === 0;
  }

  /** Nothing may overtake what waits. */
  #passes(queue: DestinationQueue): boolean {
    return this.#isReady && !this.#isClosed && queue.queue.size === 0;
  }

  /** Why so many more may not wait, where the broker is away. */
  #excess(messages: readonly WireMessage[], isLearning: boolean): MessagingError | undefined {
    const [first] = messages;
    if (first === undefined || this.#isClosed || (this.#isReady && !isLearning)) return undefined;
    const { sendBuffer, sendBufferBytes } = this.#options;
    const waiting = this.#queues.waiting;
    if (waiting.messages + messages.length > sendBuffer)
      return bufferFull(first, `${waiting.messages} messages`);
    const bytes = messages.reduce((sum, message) => sum + sizeOf(message), waiting.bytes);
    return bytes > sendBufferBytes ? bufferFull(first, `${waiting.bytes} bytes`) : undefined;
  }

  #byOutlet(messages: readonly WireMessage[]): ReadonlyMap<DestinationQueue, readonly WireMessage[]> {
    const groups = new Map<DestinationQueue, WireMessage[]>();
    for (const message of messages) {
      const queue = this.#queues.of(message.destination);
      const group = groups.get(queue);
      if (group === undefined) groups.set(queue, [message]);
      else group.push(message);
    }
    return groups;
  }

  #sendTogether(messages: readonly WireMessage[], queue: DestinationQueue): MaybePromise<Fates> {
    if (this.#passes(queue)) return new Promise((resolve) => this.#send(messages, queue, resolve));
    return messages.map((message) => this.#wait(message, queue, undefined));
  }

  #wait(
    message: WireMessage,
    queue: DestinationQueue,
    learning: Learning | undefined,
  ): Promise<MessagingError | undefined> {
    const fate = queue.wait({
      message,
      order: this.#order++,
      since: this.clock.now(),
      maybeStored: false,
      learning,
    });
    queue.flush();
    return fate;
  }

  /** Hands messages of one destination over. Tells the fate of each once it is known, or once it can wait no longer. */
  #send(messages: readonly WireMessage[], queue: DestinationQueue, tell: (fates: Fates) => void): void {
    const sending: Sending = {
      messages,
      queue,
      order: this.#order,
      tell,
      since: this.clock.now(),
      isOver: false,
      before: undefined,
      after: undefined,
    };
    this.#order += messages.length;
    queue.inFlight += 1;
    this.#flying += 1;
    this.#inFlight.begin(sending);
    const land = (answer: unknown): void => this.#land(sending, answer);
    this.#transport.publish(messages).then(land, land);
  }

  /** @param answer the results; from a transport that rejects, which must not be, anything else */
  #land(sending: Sending, answer: unknown): void {
    if (!this.#inFlight.end(sending)) return;
    const { messages, queue, tell } = sending;
    const results: readonly PublishResult[] = Array.isArray(answer)
      ? answer
      : messages.map(() => unknownFate(answer));
    this.#leave(queue);
    // What must wait is in the queue before anything younger may go.
    tell(results.length === 1 && results[0] === STORED ? ONE_STORED : this.#fatesOf(sending, results));
    this.#proceed(queue);
  }

  #giveUp({ messages, queue, tell }: Sending): void {
    this.#leave(queue);
    tell(messages.map((message) => publishTimeout(message, this.timeoutMs, UNANSWERED)));
    this.#proceed(queue);
  }

  #leave(queue: DestinationQueue): void {
    queue.inFlight -= 1;
    this.#flying -= 1;
  }

  #proceed(queue: DestinationQueue): void {
    if (queue.queue.size > 0) queue.flush();
    if (this.#whenIdle.length > 0) this.onEnd();
  }

  #fatesOf({ messages, queue, order, since }: Sending, results: readonly PublishResult[]): Fates {
    return messages.map((message, at) =>
      this.#fateOf(results[at], queue, { message, order: order + at, since }),
    );
  }

  /** Nothing for a stored message, an error for a refused one; one worth resending waits for its fate. */
  #fateOf(
    result: PublishResult | undefined,
    queue: DestinationQueue,
    sent: { readonly message: WireMessage; readonly order: number; readonly since: number },
  ): Fate {
    const failure = this.failureOf(sent.message, result);
    if (failure === undefined) return undefined;
    if (!isWorthResending(failure)) return neverStored(sent.message, failure);
    return queue.wait({ ...sent, maybeStored: failure.maybeStored, learning: undefined });
  }
}
