import { ACK } from "@waybill/core/transport";
import { memberVanishes } from "../scenarios/network/member-vanishes.ts";
import type { Breakage } from "./breakage.ts";
import { changedDeliver } from "./change.ts";

/** Quick as long as the process lives: what it has fetched and not handed out is gone with it. */
export const acksWhatItBuffers: Breakage = {
  does: "acknowledges what it fetches and hands it out a little later",
  caughtBy: memberVanishes,
  breaker:
    () =>
    (sound, { clock }) => {
      let isGone = false;
      let turn = Promise.resolve();
      sound.onState(({ status }) => (isGone = status === "closed"));
      return changedDeliver(sound, (deliver) => (delivery) => {
        turn = turn.then(
          () =>
            new Promise((resolve) => {
              clock.schedule(1, () => {
                if (!isGone) void deliver(delivery);
                resolve();
              });
            }),
        );
        return Promise.resolve(ACK);
      });
    },
};
