import { ACK, type Transport } from "@waybill/core/transport";
import { resetWhileSettling } from "../scenarios/network/reset-while-settling.ts";
import type { Breakage } from "./breakage.ts";
import { changedDeliver } from "./change.ts";

/** The channel that dead letters go out by is not opened again, and the source is acknowledged all the same. */
export const losesLettersOnReset: Breakage = {
  does: "stores no dead letters after a lost connection and acknowledges their messages",
  caughtBy: resetWhileSettling,
  breaker: () => (sound: Transport) => {
    let wasLost = false;
    sound.onState(({ status }) => (wasLost ||= status === "disconnected"));
    return changedDeliver(sound, (deliver) => async (delivery) => {
      const answer = await deliver(delivery);
      return answer.type === "dead-letter" && wasLost ? ACK : answer;
    });
  },
};
