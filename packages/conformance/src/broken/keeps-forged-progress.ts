import { HEADER } from "@waybill/core/transport";
import { forgedProgress } from "../scenarios/hostile/forged-progress.ts";
import type { Breakage } from "./breakage.ts";
import { changedDeliver } from "./change.ts";

/** What a foreign message says of its retries goes over what is true. */
export const keepsForgedProgress: Breakage = {
  does: "lets a foreign message say how far its retries are",
  caughtBy: forgedProgress,
  breaker: () => (sound) =>
    changedDeliver(sound, (deliver) => async (delivery) => {
      const settlement = await deliver(delivery);
      if (settlement.type !== "retry") return settlement;
      const forged = Object.entries(delivery.message.headers)
        .filter(([name]) => name.replace(/^%+/, "") === HEADER.progress)
        .map(([, value]) => [HEADER.progress, value] as const);
      return { ...settlement, headers: { ...settlement.headers, ...Object.fromEntries(forged) } };
    }),
};
