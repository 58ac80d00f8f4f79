import type { WireMessage } from "@waybill/core/transport";
import { resetMidPublish } from "../scenarios/network/reset-mid-publish.ts";
import type { Breakage } from "./breakage.ts";
import { changed } from "./change.ts";

/** To be on the safe side, and under an id that no de-duplication knows. */
export const repeatsAfterReconnect: Breakage = {
  does: "publishes its last message again after every lost connection, under another id",
  caughtBy: resetMidPublish,
  breaker: () => (sound) => {
    let last: WireMessage | undefined;
    let wasLost = false;
    sound.onState(({ status }) => {
      if (status === "ready" && wasLost && last !== undefined)
        void sound.publish([{ ...last, id: `${last.id}-again` }]);
      wasLost = status === "disconnected";
    });
    return changed(sound, {
      publish(batch) {
        last = batch.at(-1);
        return sound.publish(batch);
      },
    });
  },
};
