import { ACK } from "@waybill/core/transport";
import { retryHarmsNobody } from "../scenarios/settling/retry-harms-nobody.ts";
import type { Breakage } from "./breakage.ts";
import { changedDeliver } from "./change.ts";

export const dropsRetries: Breakage = {
  does: "acknowledges what should be retried",
  caughtBy: retryHarmsNobody,
  breaker: () => (sound) =>
    changedDeliver(sound, (deliver) => async (delivery) => {
      const answer = await deliver(delivery);
      return answer.type === "retry" ? ACK : answer;
    }),
};
