import { closedInbox } from "../scenarios/requests/closed-inbox.ts";
import type { Breakage } from "./breakage.ts";
import { changed } from "./change.ts";

export const hearsAfterClose: Breakage = {
  does: "hands replies to an inbox that is closed",
  caughtBy: closedInbox,
  breaker: () => (sound) =>
    changed(sound, {
      async openReplyInbox(onReply) {
        const { address } = await sound.openReplyInbox(onReply);
        return { address, close: () => Promise.resolve() };
      },
    }),
};
