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
export class Outlet {
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
export class Outlets {
  readonly #queues = new Map<string, Outlet>();
  readonly #exchanges = new Map<string, Outlet>();
  /** On their way, but for those to slow places. */
  #inFlight = 0;
  /** Whether something waits for the room that all have in common. */
  #isShort = false;

  of(route: Route): Outlet {
    const [map, name] = this.#place(route);
    let outlet = map.get(name);
    if (outlet === undefined) {
      outlet = new Outlet(route);
      map.set(name, outlet);
    }
    return outlet;
  }

  /** Forgets an outlet through which nothing goes at the moment. */
  release(outlet: Outlet): void {
    if (outlet.inFlight > 0 || outlet.waiting.length > 0 || outlet.isChecking) return;
    const [map, name] = this.#place(outlet.route);
    if (map.get(name) === outlet) map.delete(name);
  }

  all(): readonly Outlet[] {
    return [...this.#queues.values(), ...this.#exchanges.values()];
  }

  hasRoom(outlet: Outlet): boolean {
    if (outlet.isChecking || outlet.inFlight >= outlet.window) return false;
    if (outlet.isSlow || this.#inFlight < WINDOW) return true;
    this.#isShort = true;
    return false;
  }

  /** A message leaves. */
  enter(outlet: Outlet): void {
    outlet.inFlight += 1;
    if (!outlet.isSlow) this.#inFlight += 1;
  }

  /** A message is confirmed, or was lost with its channel. True where others have waited for its room. */
  leave(outlet: Outlet, isConfirmed: boolean): boolean {
    if (isConfirmed) {
      outlet.hasProgress = true;
      outlet.window = Math.min(WINDOW, outlet.window + 1);
      if (outlet.isSlow) this.#inFlight += outlet.inFlight;
      outlet.isSlow = false;
    }
    outlet.inFlight -= 1;
    if (!outlet.isSlow) this.#inFlight -= 1;
    const makesRoom = this.#isShort && this.#inFlight < WINDOW;
    if (makesRoom) this.#isShort = false;
    return makesRoom;
  }

  /** The channel is gone, and nothing is on its way any more. */
  reset(): void {
    this.#inFlight = 0;
    for (const outlet of this.all()) outlet.reset();
  }

  /**
   * Looks which places have confirmed nothing since the last look. `stuck`: what waits for one of them in the broker may
   * stand in the way of another.
   */
  look(): "idle" | "busy" | "slow" | "stuck" {
    const busy = this.all().filter(({ inFlight }) => inFlight > 0);
    if (busy.length === 0) return "idle";
    const still = busy.filter(({ hasProgress }) => !hasProgress);
    for (const outlet of busy) outlet.hasProgress = false;
    for (const outlet of still) {
      if (!outlet.isSlow) this.#inFlight -= outlet.inFlight;
      outlet.isSlow = true;
    }
    if (still.length > 1 && still.some(({ inFlight }) => inFlight >= MANY)) return "stuck";
    return still.length > 0 ? "slow" : "busy";
  }

  #place({ exchange, routingKey }: Route): readonly [Map<string, Outlet>, string] {
    return exchange === "" ? [this.#queues, routingKey] : [this.#exchanges, exchange];
  }
}
