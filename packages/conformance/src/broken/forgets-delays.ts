import { longestDelay } from "../scenarios/delays/longest-delay.ts";
import type { Breakage } from "./breakage.ts";
import { changedMessages } from "./change.ts";

export const forgetsDelays: Breakage = {
  does: "takes any delay and cuts it to what the broker can",
  caughtBy: longestDelay,
  breaker:
    () =>
    (sound, { clock }) =>
      changedMessages(sound, (message) => {
        const latest = clock.now() + sound.capabilities.deliverAt.longestMs;
        return { ...message, deliverAt: message.deliverAt && Math.min(message.deliverAt, latest) };
      }),
};
