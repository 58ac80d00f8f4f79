import type { WireMessage } from "@waybill/core/transport";
import { mutation } from "../scenarios/consuming/mutation.ts";
import type { Breakage } from "./breakage.ts";
import { changedDeliver, changedDelivery } from "./change.ts";

export const sharesMessages: Breakage = {
  does: "hands the same object to every group and every delivery",
  caughtBy: mutation,
  breaker: () => {
    const shared = new Map<string, WireMessage>();
    return (sound) =>
      changedDeliver(sound, (deliver) => (delivery) => {
        const message = shared.get(delivery.message.id) ?? delivery.message;
        shared.set(message.id, message);
        return deliver(changedDelivery(delivery, { message }));
      });
  },
};
