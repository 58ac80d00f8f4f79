import { repliesAcrossReset } from "../scenarios/network/replies-across-reset.ts";
import type { Breakage } from "./breakage.ts";
import { changed } from "./change.ts";

export const forgetsInboxes: Breakage = {
  does: "hears no replies any more after a lost connection",
  caughtBy: repliesAcrossReset,
  breaker: () => (sound) => {
    let wasLost = false;
    sound.onState(({ status }) => (wasLost ||= status === "disconnected"));
    return changed(sound, {
      openReplyInbox: (onReply) =>
        sound.openReplyInbox((reply) => {
          if (!wasLost) onReply(reply);
        }),
    });
  },
};
