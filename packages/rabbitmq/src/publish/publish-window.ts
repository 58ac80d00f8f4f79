import type { Options } from "amqplib";
import type { PublishResult } from "@waybill/core/transport";
import type { Route } from "./routes.ts";

/**
 * The first limit of a window. RabbitMQ stops reading from a connection on which 32 messages wait for a quorum queue
 * without a leader, so the limit stays below that until the first confirm.
 */
const FIRST_LIMIT = 16;
/** The largest number of messages in flight, for one window and for all windows together. */
const LARGEST_LIMIT = 2_048;
/** From this number on, the messages in flight to a slow window may keep RabbitMQ from reading other messages. */
const BLOCKING_COUNT = 32;

/** A message that waits or is in flight, and the callback of its publisher. */
export interface PendingMessage {
  readonly route: Route;
  readonly body: Buffer;
  readonly properties: Options.Publish;
  readonly settle: (result: PublishResult) => void;
}

/** A message that was read from RabbitMQ and is published again. */
export interface ForwardedMessage {
  readonly content: Buffer;
  readonly properties: Options.Publish;
}

/** The waiting messages of one queue or exchange and its number of messages in flight. Each confirm raises its limit. */
export class PublishWindow {
  readonly route: Route;
  readonly waiting: PendingMessage[] = [];
  inFlight = 0;
  /** The largest number of messages in flight. */
  limit: number = FIRST_LIMIT;
  /** Whether the adapter is asking RabbitMQ if the queue or exchange exists. */
  isChecking = false;
  /** Whether RabbitMQ confirmed nothing for a while. A slow window does not count towards the common limit. */
  isSlow = false;
  /** Whether RabbitMQ confirmed a message since the last progress check, or no message was in flight. */
  hasProgress = true;

  constructor(route: Route) {
    this.route = route;
  }

  /** Restores the first limit, for a new channel. */
  reset(): void {
    this.limit = FIRST_LIMIT;
    this.isSlow = false;
    this.hasProgress = true;
  }
}

/** The windows in use, by queue or exchange, with one limit over all that are not slow. */
export class PublishWindows {
  readonly #queues = new Map<string, PublishWindow>();
  readonly #exchanges = new Map<string, PublishWindow>();
  /** The messages in flight of all windows that are not slow. */
  #inFlight = 0;
  /** Whether a window waits for the common limit. */
  #isAwaited = false;

  /** Returns the window of a route. */
  of(route: Route): PublishWindow {
    const [map, name] = this.#entryOf(route);
    let window = map.get(name);
    if (window === undefined) {
      window = new PublishWindow(route);
      map.set(name, window);
    }
    return window;
  }

  /** Removes a window that has no message waiting or in flight. */
  release(window: PublishWindow): void {
    if (window.inFlight > 0 || window.waiting.length > 0 || window.isChecking) return;
    const [map, name] = this.#entryOf(window.route);
    if (map.get(name) === window) map.delete(name);
  }

  all(): readonly PublishWindow[] {
    return [...this.#queues.values(), ...this.#exchanges.values()];
  }

  hasCapacity(window: PublishWindow): boolean {
    if (window.isChecking || window.inFlight >= window.limit) return false;
    if (window.isSlow || this.#inFlight < LARGEST_LIMIT) return true;
    this.#isAwaited = true;
    return false;
  }

  /** Counts a message that was written. */
  add(window: PublishWindow): void {
    window.inFlight += 1;
    if (!window.isSlow) this.#inFlight += 1;
  }

  /** Counts a message that was confirmed or lost with its channel. Returns true if other windows may continue. */
  remove(window: PublishWindow, isConfirmed: boolean): boolean {
    if (isConfirmed) {
      window.hasProgress = true;
      window.limit = Math.min(LARGEST_LIMIT, window.limit + 1);
      if (window.isSlow) this.#inFlight += window.inFlight;
      window.isSlow = false;
    }
    window.inFlight -= 1;
    if (!window.isSlow) this.#inFlight -= 1;
    const freesCapacity = this.#isAwaited && this.#inFlight < LARGEST_LIMIT;
    if (freesCapacity) this.#isAwaited = false;
    return freesCapacity;
  }

  /** Restores the first limits after the channel was lost. No message is in flight then. */
  reset(): void {
    this.#inFlight = 0;
    for (const window of this.all()) window.reset();
  }

  /**
   * Marks each window as slow that made no progress since the last check. Returns `stuck` if the messages of one
   * window may keep RabbitMQ from reading those of another.
   */
  checkProgress(): "idle" | "busy" | "slow" | "stuck" {
    const busy = this.all().filter(({ inFlight }) => inFlight > 0);
    if (busy.length === 0) return "idle";
    const still = busy.filter(({ hasProgress }) => !hasProgress);
    for (const window of busy) window.hasProgress = false;
    for (const window of still) {
      if (!window.isSlow) this.#inFlight -= window.inFlight;
      window.isSlow = true;
    }
    if (still.length > 1 && still.some(({ inFlight }) => inFlight >= BLOCKING_COUNT)) return "stuck";
    return still.length > 0 ? "slow" : "busy";
  }

  #entryOf({ exchange, routingKey }: Route): readonly [Map<string, PublishWindow>, string] {
    return exchange === "" ? [this.#queues, routingKey] : [this.#exchanges, exchange];
  }
}
