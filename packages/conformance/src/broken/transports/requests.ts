import { closedInbox } from "../../scenarios/requests/closed-inbox.ts";
import type { Breakage } from "../breakage.ts";
import { changed, changedMessages } from "../change.ts";
import { knowsAddresses } from "../../scenarios/requests/knows-addresses.ts";
import { type Destination, STORED } from "@waybill/core/transport";
import { ownReplies } from "../../scenarios/requests/own-replies.ts";
import { hostileAddresses } from "../../scenarios/requests/hostile-addresses.ts";

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

export const knowsNoAddresses: Breakage = {
  does: "takes any text for the form of its reply addresses",
  caughtBy: knowsAddresses,
  breaker: () => (sound) => changed(sound, { takesReplies: () => true }),
};

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

export const trustsAddresses: Breakage = {
  does: "takes any text for a reply address",
  caughtBy: hostileAddresses,
  breaker: () => (sound) =>
    changed(sound, {
      publish: async (batch) => {
        const results = await sound.publish(batch);
        return results.map((result, at) => (batch[at]?.destination.kind === "reply" ? STORED : result));
      },
    }),
};
