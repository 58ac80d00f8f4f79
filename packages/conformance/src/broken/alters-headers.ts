import { nothingAltered } from "../scenarios/consuming/nothing-altered.ts";
import type { Breakage } from "./breakage.ts";
import { changedMessages } from "./change.ts";

/** As header lines of a text protocol do. */
export const altersHeaders: Breakage = {
  does: "trims the values of headers",
  caughtBy: nothingAltered,
  breaker: () => (sound) =>
    changedMessages(sound, (message) => ({
      ...message,
      headers: Object.fromEntries(
        Object.entries(message.headers).map(([name, value]) => [name, value.trim()]),
      ),
    })),
};
