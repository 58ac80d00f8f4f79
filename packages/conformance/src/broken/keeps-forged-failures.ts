import { isFailureHeader } from "@waybill/core/transport";
import { forgedFailure } from "../scenarios/hostile/forged-failure.ts";
import type { Breakage } from "./breakage.ts";
import { changedDeliver } from "./change.ts";

/** What a foreign message says of its failure goes over what is true. */
export const keepsForgedFailures: Breakage = {
  does: "lets a foreign message say why it failed",
  caughtBy: forgedFailure,
  breaker: () => (sound) =>
    changedDeliver(sound, (deliver) => async (delivery) => {
      const settlement = await deliver(delivery);
      if (settlement.type !== "dead-letter") return settlement;
      const forged = Object.entries(delivery.message.headers)
        .filter(([name]) => isFailureHeader(name))
        .map(([name, value]) => [name.replace(/^%+/, ""), value] as const);
      return { ...settlement, headers: { ...settlement.headers, ...Object.fromEntries(forged) } };
    }),
};
