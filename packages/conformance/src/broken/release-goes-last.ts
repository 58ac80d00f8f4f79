import { ACK } from "@waybill/core/transport";
import { releaseKeepsOrder } from "../scenarios/settling/release-keeps-order.ts";
import type { Breakage } from "./breakage.ts";
import { changedDeliver } from "./change.ts";

/** Giving back by publishing again, as where a broker has no other way. */
export const releaseGoesLast: Breakage = {
  does: "puts what is given back at the end",
  caughtBy: releaseKeepsOrder,
  breaker: () => (sound) =>
    changedDeliver(sound, (deliver) => async (delivery) => {
      const answer = await deliver(delivery);
      if (answer.type !== "release") return answer;
      const { message } = delivery;
      await sound.publish([{ ...message, id: `${message.id}-back` }]);
      return ACK;
    }),
};
