import { bareMessage } from "../scenarios/consuming/bare-message.ts";
import type { Breakage } from "./breakage.ts";
import { changedMessages } from "./change.ts";

export const addsHeaders: Breakage = {
  does: "shows consumers headers of its own",
  caughtBy: bareMessage,
  breaker: () => (sound) =>
    changedMessages(sound, (message) => ({
      ...message,
      headers: { ...message.headers, "x-internal": "1" },
    })),
};
