import type { Destination } from "../spi/destination.ts";
import { Outlet, type OutletHost } from "./outlet.ts";

/** More than a process has channels: idle ones beyond it are forgotten. */
const MOST_IDLE = 1_000;

/** The outlets of a sender: one for each destination, one for all replies. */
export class Outlets {
  readonly #host: OutletHost;
  readonly #replies: Outlet;
  readonly #queues = new Map<string, Outlet>();
  readonly #topics = new Map<string, Outlet>();
  readonly #groups = new Map<string, Outlet>();

  constructor(host: OutletHost) {
    this.#host = host;
    this.#replies = new Outlet(host);
  }

  of(destination: Destination): Outlet {
    switch (destination.kind) {
      case "queue":
        return this.#in(this.#queues, destination.name);
      case "topic":
        return this.#in(this.#topics, destination.name);
      case "group":
        return this.#in(this.#groups, JSON.stringify([destination.topic, destination.group]));
      case "reply":
        return this.#replies;
    }
  }

  *all(): Iterable<Outlet> {
    yield this.#replies;
    yield* this.#queues.values();
    yield* this.#topics.values();
    yield* this.#groups.values();
  }

  /** What waits in all of them. */
  get waiting(): { readonly messages: number; readonly bytes: number } {
    let messages = 0;
    let bytes = 0;
    for (const { queue } of this.all()) {
      messages += queue.size;
      bytes += queue.bytes;
    }
    return { messages, bytes };
  }

  #in(outlets: Map<string, Outlet>, name: string): Outlet {
    const known = outlets.get(name);
    if (known !== undefined) return known;
    if (outlets.size >= MOST_IDLE) for (const [each, { isIdle }] of outlets) if (isIdle) outlets.delete(each);
    const outlet = new Outlet(this.#host);
    outlets.set(name, outlet);
    return outlet;
  }
}
