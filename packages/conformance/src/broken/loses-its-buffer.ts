import { STORED, type WireMessage } from "@waybill/core/transport";
import { resetMidPublish } from "../scenarios/network/reset-mid-publish.ts";
import type { Breakage } from "./breakage.ts";
import { changed } from "./change.ts";

/** Most clients have an outgoing buffer; what is in it is stored nowhere. */
export const losesItsBuffer: Breakage = {
  does: "answers ok for what is in its buffer and empties it when the connection is lost",
  caughtBy: resetMidPublish,
  breaker:
    () =>
    (sound, { clock }) => {
      const buffer: WireMessage[] = [];
      sound.onState(({ status }) => {
        if (status === "disconnected") buffer.length = 0;
      });
      return changed(sound, {
        publish(batch) {
          buffer.push(...batch);
          clock.schedule(1, () => void sound.publish(buffer.splice(0)));
          return Promise.resolve(batch.map(() => STORED));
        },
      });
    },
};
