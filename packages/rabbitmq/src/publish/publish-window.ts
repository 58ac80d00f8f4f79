import type { Options } from "amqplib";
import type { PublishResult } from "@waybill/core/transport";
import type { Route } from "./routes.ts";

/**
 * How many may be on their way to a queue or exchange that has confirmed nothing yet. RabbitMQ stops to read from a
 * connection on which 32 messages wait for a quorum queue without a leader: this leaves room below that.
 */
const FIRST_WINDOW = 16;
/** How many may be on their way to the broker, to one place or to all together. */
const WINDOW = 2_048;
/** From so many on, what waits for a slow place may keep the broker from reading what is meant for others. */
const MANY = 32;

/** A message on its way, and its publisher. */
export interface Entry {
  readonly route: Route;
  readonly body: Buffer;
  readonly properties: Options.Publish;
  readonly settle: (result: PublishResult) => void;
}

/** The messages for one queue or exchange: those that wait, and how many are on their way. Its window grows with every confirm. */
export class PublishWindow {
  readonly route: Route;
  readonly waiting: Entry[] = [];
  inFlight = 0;
  window: number = FIRST_WINDOW;
  /** The broker is asked about its destination. */
  isChecking = false;
  /** Nothing was confirmed for a while: it takes no part of what all have in common. */
  isSlow = false;
  /** Whether anything was confirmed since the last look, or nothing was on its way. */
  hasProgress = true;

  constructor(route: Route) {
    this.route = route;
  }

  /** Begins anew on a new channel. */
  reset(): void {
    this.window = FIRST_WINDOW;
    this.isSlow = false;
    this.hasProgress = true;
  }
}

/** The outlets in use, by where they lead. */
export class PublishWindows {
  readonly #queues = new Map<string, PublishWindow>();
  readonly #exchanges = new Map<string, PublishWindow>();
  /** On their way, but for those to slow places. */
  #inFlight = 0;
  /** Whether something waits for the room that all have in common. */
  #isShort = false;

  of(route: Route): PublishWindow {
    const [map, name] = this.#place(route);
    let window = map.get(name);
    if (window === undefined) {
      window = new PublishWindow(route);
      map.set(name, window);
    }
    return window;
  }

  /** Forgets an outlet through which nothing goes at the moment. */
  release(window: PublishWindow): void {
    if (window.inFlight > 0 || window.waiting.length > 0 || window.isChecking) return;
    const [map, name] = this.#place(window.route);
    if (map.get(name) === window) map.delete(name);
  }

  all(): readonly PublishWindow[] {
    return [...this.#queues.values(), ...this.#exchanges.values()];
  }

  hasRoom(window: PublishWindow): boolean {
    if (window.isChecking || window.inFlight >= window.window) return false;
    if (window.isSlow || this.#inFlight < WINDOW) return true;
    this.#isShort = true;
    return false;
  }

  /** A message leaves. */
  enter(window: PublishWindow): void {
    window.inFlight += 1;
    if (!window.isSlow) this.#inFlight += 1;
  }

  /** A message is confirmed, or was lost with its channel. True where others have waited for its room. */
  leave(window: PublishWindow, isConfirmed: boolean): boolean {
    if (isConfirmed) {
      window.hasProgress = true;
      window.window = Math.min(WINDOW, window.window + 1);
      if (window.isSlow) this.#inFlight += window.inFlight;
      window.isSlow = false;
    }
    window.inFlight -= 1;
    if (!window.isSlow) this.#inFlight -= 1;
    const makesRoom = this.#isShort && this.#inFlight < WINDOW;
    if (makesRoom) this.#isShort = false;
    return makesRoom;
  }

  /** The channel is gone, and nothing is on its way any more. */
  reset(): void {
    this.#inFlight = 0;
    for (const window of this.all()) window.reset();
  }

  /**
   * Looks which places have confirmed nothing since the last look. `stuck`: what waits for one of them in the broker may
   * stand in the way of another.
   */
  look(): "idle" | "busy" | "slow" | "stuck" {
    const busy = this.all().filter(({ inFlight }) => inFlight > 0);
    if (busy.length === 0) return "idle";
    const still = busy.filter(({ hasProgress }) => !hasProgress);
    for (const window of busy) window.hasProgress = false;
    for (const window of still) {
      if (!window.isSlow) this.#inFlight -= window.inFlight;
      window.isSlow = true;
    }
    if (still.length > 1 && still.some(({ inFlight }) => inFlight >= MANY)) return "stuck";
    return still.length > 0 ? "slow" : "busy";
  }

  #place({ exchange, routingKey }: Route): readonly [Map<string, PublishWindow>, string] {
    return exchange === "" ? [this.#queues, routingKey] : [this.#exchanges, exchange];
  }
}
