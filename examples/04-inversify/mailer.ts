import type { OutputOf } from "@waybill/core";
import { On } from "@waybill/inversify";
import { inject, injectable } from "inversify";
import { Journal } from "../shared/journal.ts";
import { Dispatched } from "./contracts.ts";

/** Subscribes to the event, in its own service. */
@injectable()
export class Mailer {
  readonly #journal: Journal;

  constructor(@inject(Journal) journal: Journal) {
    this.#journal = journal;
  }

  @On(Dispatched)
  dispatched({ orderId }: OutputOf<typeof Dispatched.data>): void {
    this.#journal.note(orderId, 3, `mailer: order ${orderId} is on its way`);
  }
}
