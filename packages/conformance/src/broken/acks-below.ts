import { ACK, type WireMessage } from "@waybill/core/transport";
import { outOfOrder } from "../scenarios/settling/out-of-order.ts";
import type { Breakage } from "./breakage.ts";
import { changedDeliver } from "./change.ts";

/** A watermark moved to the latest answer instead of below the first hole. */
export const acksBelow: Breakage = {
  does: "takes an acknowledgement for all that came before",
  caughtBy: outOfOrder,
  breaker: () => (sound) => {
    const acknowledged = new Set<string>();
    return changedDeliver(sound, (deliver) => {
      const open: WireMessage[] = [];
      return async (delivery) => {
        open.push(delivery.message);
        const answer = await deliver(delivery);
        if (answer.type === "ack")
          for (const { id } of open.slice(0, open.indexOf(delivery.message))) acknowledged.add(id);
        return acknowledged.has(delivery.message.id) ? ACK : answer;
      };
    });
  },
};
