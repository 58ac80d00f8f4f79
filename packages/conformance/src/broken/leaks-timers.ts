import { noTimersLeft } from "../scenarios/life/no-timers-left.ts";
import type { Breakage } from "./breakage.ts";
import { changed } from "./change.ts";

export const leaksTimers: Breakage = {
  does: "leaves a timer behind",
  caughtBy: noTimersLeft,
  breaker:
    () =>
    (sound, { clock }) =>
      changed(sound, {
        connect(signal) {
          clock.schedule(3_600_000, () => undefined);
          return sound.connect(signal);
        },
      }),
};
