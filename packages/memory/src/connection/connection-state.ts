import type { MessagingError, TransportState } from "@waybill/core/transport";
import { closedError, disconnectedError } from "../errors.ts";

type Status = TransportState["status"];

/** The state of one connection to a broker in the process, and its observers. */
export class ConnectionState {
  status: Status = "connecting";
  readonly #observers = new Set<(state: TransportState) => void>();

  get isOpen(): boolean {
    return this.status === "ready" || this.status === "blocked";
  }

  set(status: Status): void {
    if (this.status === status) return;
    this.status = status;
    for (const observer of [...this.#observers]) observer(this.#state());
    if (status === "closed") this.#observers.clear();
  }

  /** Calls `observer` with the present state and after each change. Returns a function that ends the calls. */
  observe(observer: (state: TransportState) => void): () => void {
    this.#observers.add(observer);
    observer(this.#state());
    return () => void this.#observers.delete(observer);
  }

  /** Returns why a call is refused; undefined while the connection is open. */
  refusal(): MessagingError | undefined {
    if (this.isOpen) return undefined;
    return this.status === "closed" ? closedError() : disconnectedError();
  }

  #state(): TransportState {
    return {
      status: this.status,
      reason: this.status === "blocked" ? "the broker stores nothing" : undefined,
    };
  }
}
