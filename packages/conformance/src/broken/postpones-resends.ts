import { resendKeepsTime } from "../scenarios/delays/resend-keeps-time.ts";
import type { Breakage } from "./breakage.ts";
import { changedMessages } from "./change.ts";

/** Relative delays in disguise: many brokers know no others. */
export const postponesResends: Breakage = {
  does: "counts the delay of a message from its last publish",
  caughtBy: resendKeepsTime,
  breaker: () => {
    const delays = new Map<string, number>();
    return (sound, { clock }) =>
      changedMessages(sound, (message) => {
        if (message.deliverAt === undefined) return message;
        const delay = delays.get(message.id) ?? message.deliverAt - clock.now();
        delays.set(message.id, delay);
        return { ...message, deliverAt: clock.now() + delay };
      });
  },
};
