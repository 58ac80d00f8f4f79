import type { WireMessage } from "@waybill/core/transport";
import { Deque } from "../consume/deque.ts";

/** The messages that a topic retains for later groups. */
export class History {
  readonly retainMs: number;
  readonly #retained = new Deque<{ readonly time: number; readonly message: WireMessage }>();

  constructor(retainMs: number) {
    this.retainMs = retainMs;
  }

  add(message: WireMessage, now: number): void {
    this.#expire(now);
    this.#retained.push({ time: now, message });
  }

  /** Yields the retained messages, the oldest first. */
  *messages(now: number): Generator<WireMessage> {
    this.#expire(now);
    for (const { message } of this.#retained) yield message;
  }

  #expire(now: number): void {
    for (
      let first = this.#retained.first();
      first !== undefined && now - first.time > this.retainMs;
      first = this.#retained.first()
    )
      this.#retained.shift();
  }
}
