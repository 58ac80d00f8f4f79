import { reconnectStorm } from "../scenarios/network/reconnect-storm.ts";
import type { Breakage } from "./breakage.ts";
import { changed } from "./change.ts";

const TRIES = 8;

/** A limit of tries that is never set back when one has succeeded. */
export const givesUp: Breakage = {
  does: "gives up after it has lost eight connections",
  caughtBy: reconnectStorm,
  breaker: () => (sound) => {
    let lost = 0;
    sound.onState(({ status }) => {
      if (status === "disconnected") lost += 1;
    });
    return changed(sound, {
      publish: (batch) =>
        lost < TRIES
          ? sound.publish(batch)
          : Promise.resolve(
              batch.map(() => ({
                ok: false,
                error: { code: "disconnected", message: "Too many tries.", maybeStored: false },
              })),
            ),
    });
  },
};
