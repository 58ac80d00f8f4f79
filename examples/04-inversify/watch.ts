// #region middleware
import type { HandlerContext } from "@waybill/core";
import { inject, injectable } from "inversify";
import { Journal } from "../shared/journal.ts";

/** A step around every handler, created by the container like the handlers. */
@injectable()
export class Watch {
  readonly #journal: Journal;

  constructor(@inject(Journal) journal: Journal) {
    this.#journal = journal;
  }

  async run({ message, service }: HandlerContext, next: () => Promise<void>): Promise<void> {
    await next();
    this.#journal.note(Number(message.partitionKey), 4, `${service}: handled ${message.type}`);
  }
}
// #endregion middleware
