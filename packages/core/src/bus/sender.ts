import type { Cancel, Clock } from "../ground/clock.ts";
import { describeThrown, type MessagingError } from "../ground/messaging-error.ts";
import type { MaybePromise } from "../pipeline/maybe-promise.ts";
import type { PublishFailure, PublishResult, Transport } from "../spi/transport.ts";
import type { WireMessage } from "../spi/wire-message.ts";
import { SendQueue, type Waiting } from "./send-queue.ts";
import { bufferFull, neverStored, publishTimeout, stopped } from "./send-errors.ts";

export interface SenderOptions {
  /** How many messages may wait for the broker. */
  readonly capacity: number;
  /** How long one may wait, in milliseconds. */
  readonly timeoutMs: number;
}

const LARGEST_BATCH = 1_000;
const PAUSE_MS = { first: 20, longest: 1_000 } as const;

/**
 * Stores messages, through lost connections and blocked brokers: what the transport reports as worth resending
 * waits here, in order, bounded in number and time, and goes out again under the same id.
 */
export class Sender {
  readonly #transport: Transport;
  readonly #clock: Clock;
  readonly #options: SenderOptions;
  readonly #queue = new SendQueue();
  #order = 0;
  #inFlight = 0;
  #isReady = false;
  #isFlushing = false;
  #isClosed = false;
  #pauseMs: number = PAUSE_MS.first;
  #cancelPause: Cancel | undefined = undefined;
  #whenIdle: (() => void)[] = [];
  /** Replies whose requester had gone: nobody is harmed, so they are only counted. */
  lostReplies = 0;

  constructor(transport: Transport, clock: Clock, options: SenderOptions) {
    this.#transport = transport;
    this.#clock = clock;
    this.#options = options;
  }

  /** Messages that wait for the broker. */
  get waiting(): number {
    return this.#queue.size;
  }

  /** Whether the broker takes messages at the moment. Until told so, everything waits. */
  set isReady(isReady: boolean) {
    this.#isReady = isReady;
    if (isReady) this.#flush();
  }

  /** Resolves with `stored` once the message is; rejects with the reason why it is not. */
  store<Answer>(message: WireMessage, stored: Answer): Promise<Answer> {
    const order = this.#order++;
    if (!this.#passes) return settled(this.#wait(message, order, undefined), stored);
    // The usual message costs one promise of the transport and one of ours.
    this.#inFlight += 1;
    return this.#publish([message], ([result]) => {
      this.#inFlight -= 1;
      const fate = this.#fateOf(message, result, order);
      this.#proceed();
      return fate === undefined ? stored : settled(fate, stored);
    });
  }

  /** Stores all, in order; rejects with the first failure once the fate of each is known. */
  storeAll(messages: readonly WireMessage[]): Promise<void> {
    const order = this.#order;
    this.#order += messages.length;
    if (!this.#passes)
      return allSettled(messages.map((message, at) => this.#wait(message, order + at, undefined)));
    this.#inFlight += 1;
    return this.#publish(messages, (results) => {
      this.#inFlight -= 1;
      const fates = messages.map((message, at) => this.#fateOf(message, results[at], order + at));
      this.#proceed();
      return fates.every((fate) => fate === undefined) ? undefined : allSettled(fates);
    });
  }

  /** Resolves when nothing is on its way any more. */
  idle(): Promise<void> {
    if (this.#inFlight === 0 && this.#queue.size === 0) return Promise.resolve();
    return new Promise((resolve) => this.#whenIdle.push(resolve));
  }

  /** Refuses what comes and fails what waits. */
  close(): void {
    this.#isClosed = true;
    this.#cancelPause?.();
    for (const entry of this.#queue.all()) this.#settle(entry, stopped(entry.message, entry.maybeStored));
  }

  /** Nothing may overtake what waits. */
  get #passes(): boolean {
    return this.#isReady && this.#queue.size === 0 && !this.#isClosed;
  }

  /** A transport must not reject; one that does has told nothing about its messages. */
  #publish<Answer>(
    messages: readonly WireMessage[],
    next: (results: readonly PublishResult[]) => MaybePromise<Answer>,
  ): Promise<Answer> {
    return this.#transport
      .publish(messages)
      .then(next, (cause: unknown) => next(messages.map(() => unknownFate(cause))));
  }

  /** Nothing for a stored message, an error for a refused one; one worth resending waits for its fate. */
  #fateOf(
    message: WireMessage,
    result: PublishResult | undefined,
    order: number,
  ): MaybePromise<MessagingError | undefined> {
    const failure = this.#failureOf(message, result);
    if (failure === undefined) return undefined;
    return isWorthResending(failure) ? this.#wait(message, order, failure) : neverStored(message, failure);
  }

  #wait(
    message: WireMessage,
    order: number,
    failure: PublishFailure | undefined,
  ): Promise<MessagingError | undefined> {
    const maybeStored = failure?.maybeStored ?? false;
    if (this.#isClosed) return Promise.resolve(stopped(message, maybeStored));
    if (this.#queue.size >= this.#options.capacity)
      return Promise.resolve(bufferFull(message, this.#queue.size, maybeStored));
    return new Promise((settle) => {
      const cancel = this.#clock.schedule(this.#options.timeoutMs, () =>
        this.#settle(entry, publishTimeout(message, this.#options.timeoutMs, entry.maybeStored)),
      );
      const entry: Waiting = { message, order, settle, cancel, maybeStored };
      this.#queue.insert(entry);
    });
  }

  #settle(entry: Waiting, error: MessagingError | undefined): void {
    if (!this.#queue.remove(entry)) return;
    entry.cancel();
    entry.settle(error);
    this.#proceed();
  }

  /** After anything has ended: somebody may wait for quiet, and what waits may go. */
  #proceed(): void {
    if (this.#inFlight > 0) return;
    if (this.#queue.size > 0) this.#flush();
    else for (const resolve of this.#whenIdle.splice(0)) resolve();
  }

  /** Sends what waits, oldest first. What is still on its way goes before it: it may come back to wait. */
  #flush(): void {
    if (
      this.#isFlushing ||
      this.#inFlight > 0 ||
      !this.#isReady ||
      this.#isClosed ||
      this.#cancelPause !== undefined
    )
      return;
    this.#isFlushing = true;
    void this.#flushAll().finally(() => {
      this.#isFlushing = false;
      this.#proceed();
    });
  }

  async #flushAll(): Promise<void> {
    while (this.#isReady && !this.#isClosed) {
      const batch = this.#queue.first(LARGEST_BATCH);
      if (batch.length === 0) return;
      const doubts = batch.map(({ maybeStored }) => maybeStored);
      for (const entry of batch) entry.maybeStored = true; // until the broker says otherwise
      const messages = batch.map(({ message }) => message);
      const isDone = await this.#publish(messages, (results) => {
        const waiting = batch.filter((entry, at) => !this.#judge(entry, results[at], doubts[at] === true));
        return waiting.length === 0;
      });
      if (!isDone) return this.#pause();
      this.#pauseMs = PAUSE_MS.first;
    }
  }

  /** Settles a resent message; false when it must wait on. */
  #judge(entry: Waiting, result: PublishResult | undefined, wasDoubtful: boolean): boolean {
    const failure = this.#failureOf(entry.message, result);
    if (failure === undefined) this.#settle(entry, undefined);
    else if (isWorthResending(failure)) entry.maybeStored = wasDoubtful || failure.maybeStored;
    else this.#settle(entry, neverStored(entry.message, failure));
    return failure === undefined || !isWorthResending(failure);
  }

  /** A transport that says it is ready and takes nothing is asked again after a while, not at once. */
  #pause(): void {
    this.#cancelPause = this.#clock.schedule(this.#pauseMs, () => {
      this.#cancelPause = undefined;
      this.#flush();
    });
    this.#pauseMs = Math.min(PAUSE_MS.longest, this.#pauseMs * 2);
  }

  #failureOf(message: WireMessage, result: PublishResult | undefined): PublishFailure | undefined {
    if (result === undefined || result.ok) return undefined;
    if (message.destination.kind !== "reply" || result.error.code !== "unroutable") return result.error;
    this.lostReplies += 1;
    return undefined;
  }
}

function unknownFate(cause: unknown): PublishResult {
  const message = `The transport failed: ${describeThrown(cause)}.`;
  return { ok: false, error: { code: "rejected", message, maybeStored: true, cause } };
}

function isWorthResending({ code }: PublishFailure): boolean {
  return code === "disconnected" || code === "blocked";
}

async function settled<Answer>(
  fate: MaybePromise<MessagingError | undefined>,
  stored: Answer,
): Promise<Answer> {
  const error = await fate;
  if (error !== undefined) throw error;
  return stored;
}

/** Waits for the fate of each; throws the first failure. */
async function allSettled(fates: readonly MaybePromise<MessagingError | undefined>[]): Promise<void> {
  let first: MessagingError | undefined;
  for (const fate of fates) {
    const error = await fate;
    first ??= error;
  }
  if (first !== undefined) throw first;
}
