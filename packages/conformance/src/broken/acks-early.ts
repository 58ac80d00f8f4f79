import { ACK } from "@waybill/core/transport";
import { drainDeadline } from "../scenarios/life/drain-deadline.ts";
import type { Breakage } from "./breakage.ts";
import { changedDeliver } from "./change.ts";

/** The usual auto-ack mistake: quick, and everything that was being handled is gone with the process. */
export const acksEarly: Breakage = {
  does: "acknowledges a message before its handler has answered",
  caughtBy: drainDeadline,
  breaker: () => (sound) =>
    changedDeliver(sound, (deliver) => (delivery) => {
      void deliver(delivery);
      return Promise.resolve(ACK);
    }),
};
