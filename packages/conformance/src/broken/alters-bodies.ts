import { deadLetterUntouched } from "../scenarios/settling/dead-letter-untouched.ts";
import type { Breakage } from "./breakage.ts";
import { changedMessages } from "./change.ts";

/** Every byte that is no UTF-8 becomes a replacement character. */
export const altersBodies: Breakage = {
  does: "takes bodies for text",
  caughtBy: deadLetterUntouched,
  breaker: () => (sound) =>
    changedMessages(sound, (message) => ({
      ...message,
      body: new TextEncoder().encode(new TextDecoder().decode(message.body)),
    })),
};
