import type { Service } from "@waybill/core";
import { exactlyOnce, type App, type World } from "@waybill/testing";
import type { Bank, Charge } from "./bank.ts";
import { PayOrder } from "./contracts.ts";

// #region application
/** Two instances of the payments service, a bank, and a customer who pays two orders. */
export function application(world: World, payments: (bank: Bank) => Service): App {
  const known = new Set<string>();
  const bank = world.outside("bank", {
    async charge({ euros, reference = world.uuid() }: Charge) {
      if (known.has(reference)) return; // a charge with this reference was carried out before
      known.add(reference);
      world.effect("charge", `${euros} EUR`);
    },
  });
  return {
    services: () => [payments(bank)],
    acts: [
      (bus) => bus.send(PayOrder, { orderId: 1, euros: 20 }),
      (bus) => bus.send(PayOrder, { orderId: 2, euros: 50 }),
    ],
    properties: [exactlyOnce("charge", ["20 EUR", "50 EUR"])],
  };
}
// #endregion application
