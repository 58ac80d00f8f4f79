import { dedup } from "../scenarios/publishing/dedup.ts";
import type { Breakage } from "./breakage.ts";
import { changedMessages } from "./change.ts";

export const ignoresIds: Breakage = {
  does: "gives every sending an id of its own",
  caughtBy: dedup,
  breaker: () => {
    let count = 0;
    return (sound) => changedMessages(sound, (message) => ({ ...message, id: `${message.id}-${count++}` }));
  },
};
