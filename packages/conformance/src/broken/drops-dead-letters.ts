import { ACK } from "@waybill/core/transport";
import { deadLettersApart } from "../scenarios/settling/dead-letters-apart.ts";
import type { Breakage } from "./breakage.ts";
import { changedDeliver } from "./change.ts";

export const dropsDeadLetters: Breakage = {
  does: "throws away what should be a dead letter",
  caughtBy: deadLettersApart,
  breaker: () => (sound) =>
    changedDeliver(sound, (deliver) => async (delivery) => {
      const answer = await deliver(delivery);
      return answer.type === "dead-letter" ? ACK : answer;
    }),
};
