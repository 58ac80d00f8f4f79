// #region warehouse
import type { DataOf, ReplyOf } from "@waybill/core";
import { Handles } from "@waybill/inversify";
import { inject, injectable } from "inversify";
import { Dispatch } from "./contracts.ts";
import { Courier } from "./courier.ts";
import { Ledger } from "./ledger.ts";

/** Handles the command. The container creates an instance for every message, with its dependencies. */
@injectable()
export class Warehouse {
  readonly #courier: Courier;
  readonly #ledger: Ledger;

  constructor(@inject(Courier) courier: Courier, @inject(Ledger) ledger: Ledger) {
    this.#courier = courier;
    this.#ledger = ledger;
  }

  @Handles(Dispatch)
  async dispatch(order: DataOf<typeof Dispatch>): Promise<ReplyOf<typeof Dispatch>> {
    const trackingId = this.#courier.book(order.orderId, order.address);
    await this.#ledger.enter(order.orderId, trackingId);
    return { trackingId };
  }
}
// #endregion warehouse
