import { HEADER } from "@waybill/core/transport";
import { foreignAttempt } from "../scenarios/hostile/foreign-attempt.ts";
import type { Breakage } from "./breakage.ts";
import { changedDeliver, changedDelivery } from "./change.ts";

export const countsAsTold: Breakage = {
  does: "believes a foreign message that says how often it was tried",
  caughtBy: foreignAttempt,
  breaker: () => (sound) =>
    changedDeliver(sound, (deliver) => (delivery) => {
      const told = Number(delivery.message.headers[HEADER.attempt] ?? 0);
      return deliver(
        Number.isInteger(told) ? changedDelivery(delivery, { attempt: delivery.attempt + told }) : delivery,
      );
    }),
};
