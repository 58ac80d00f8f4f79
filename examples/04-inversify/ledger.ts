// #region ledger
import type { Messenger } from "@waybill/core";
import { CORRELATION_ID, MESSENGER } from "@waybill/inversify";
import { inject, injectable } from "inversify";
import { Journal } from "../shared/journal.ts";
import { Dispatched } from "./contracts.ts";

/** Depends on no handler. Its event is sent only if the handler that called it succeeds. */
@injectable()
export class Ledger {
  readonly #messenger: Messenger;
  readonly #correlationId: string;
  readonly #journal: Journal;

  constructor(
    @inject(MESSENGER) messenger: Messenger,
    @inject(CORRELATION_ID) correlationId: string,
    @inject(Journal) journal: Journal,
  ) {
    this.#messenger = messenger;
    this.#correlationId = correlationId;
    this.#journal = journal;
  }

  async enter(orderId: number, trackingId: string): Promise<void> {
    this.#journal.note(orderId, 1, `ledger: ${trackingId}, of conversation ${this.#correlationId}`);
    await this.#messenger.publish(Dispatched, { orderId, trackingId });
  }
}
// #endregion ledger
