import type { TransportState } from "../../spi/transport.ts";

/** The present state of a transport, and the observers of its changes. */
export class TransportStates {
  readonly #observers = new Set<(state: TransportState) => void>();
  present: TransportState = { status: "connecting", reason: undefined };

  /** Calls `observer` with the present state, and with every later one. Returns a function that removes it. */
  observe(observer: (state: TransportState) => void): () => void {
    this.#observers.add(observer);
    observer(this.present);
    return () => void this.#observers.delete(observer);
  }

  /** Does nothing for the status that it has already. */
  set(status: TransportState["status"], reason: string | undefined): void {
    if (this.present.status === status) return;
    this.present = { status, reason };
    for (const observer of [...this.#observers]) observer(this.present);
  }

  /** Removes all observers. */
  end(): void {
    this.#observers.clear();
  }
}
