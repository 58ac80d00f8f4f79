import { closeWhileCut } from "../scenarios/network/close-while-cut.ts";
import type { Breakage } from "./breakage.ts";
import { changed } from "./change.ts";

/** To say goodbye it needs a connection, so it waits for one. */
export const closeWaitsForReady: Breakage = {
  does: "closes only once it is connected",
  caughtBy: closeWhileCut,
  breaker: () => (sound) => {
    let isLost = false;
    const waiting: (() => void)[] = [];
    sound.onState(({ status }) => {
      isLost = status === "disconnected";
      if (!isLost) for (const resolve of waiting.splice(0)) resolve();
    });
    return changed(sound, {
      async close(deadline) {
        if (isLost) await new Promise<void>((resolve) => waiting.push(resolve));
        return sound.close(deadline);
      },
    });
  },
};
