import type { TransportState } from "../../spi/transport.ts";

/** For adapters: the present state, and who wants to know of every change. */
export class TransportStates {
  readonly #listeners = new Set<(state: TransportState) => void>();
  present: TransportState = { status: "connecting", reason: undefined };

  listen(listener: (state: TransportState) => void): () => void {
    this.#listeners.add(listener);
    listener(this.present);
    return () => void this.#listeners.delete(listener);
  }

  become(status: TransportState["status"], reason: string | undefined): void {
    if (this.present.status === status) return;
    this.present = { status, reason };
    for (const listener of [...this.#listeners]) listener(this.present);
  }

  end(): void {
    this.#listeners.clear();
  }
}
