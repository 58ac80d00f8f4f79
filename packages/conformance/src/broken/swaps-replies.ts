import type { Destination } from "@waybill/core/transport";
import { ownReplies } from "../scenarios/requests/own-replies.ts";
import type { Breakage } from "./breakage.ts";
import { changedMessages } from "./change.ts";

/** What a shared reply queue with a careless correlation does. */
export const swapsReplies: Breakage = {
  does: "sends a reply to the address of the reply before",
  caughtBy: ownReplies,
  breaker: () => {
    let last: Destination | undefined;
    return (sound) =>
      changedMessages(sound, (message) => {
        if (message.destination.kind !== "reply") return message;
        const destination = last ?? message.destination;
        last = message.destination;
        return { ...message, destination };
      });
  },
};
