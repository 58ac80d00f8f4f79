import type { WireMessage } from "@waybill/core/transport";
import { Deque } from "../consume/deque.ts";

/** What a topic keeps for groups that come later. */
export class History {
  readonly retainMs: number;
  readonly #kept = new Deque<{ readonly time: number; readonly message: WireMessage }>();

  constructor(retainMs: number) {
    this.retainMs = retainMs;
  }

  add(message: WireMessage, now: number): void {
    this.#forget(now);
    this.#kept.push({ time: now, message });
  }

  /** Oldest first. */
  *messages(now: number): Generator<WireMessage> {
    this.#forget(now);
    for (const { message } of this.#kept) yield message;
  }

  #forget(now: number): void {
    for (
      let first = this.#kept.first();
      first !== undefined && now - first.time > this.retainMs;
      first = this.#kept.first()
    )
      this.#kept.shift();
  }
}
