import { type Destination, STORED } from "@waybill/core/transport";
import { closedInbox } from "../../scenarios/requests/closed-inbox.ts";
import { hostileAddresses } from "../../scenarios/requests/hostile-addresses.ts";
import { knowsAddresses } from "../../scenarios/requests/knows-addresses.ts";
import { ownReplies } from "../../scenarios/requests/own-replies.ts";
import type { BrokenTransport } from "../broken-transport.ts";
import { changed, changedMessages } from "../change.ts";

/** Like a shared reply queue with a wrong correlation. */
export const swapsReplies: BrokenTransport = {
  does: "sends a reply to the address of the previous reply",
  caughtBy: ownReplies,
  breaker: () => {
    let last: Destination | undefined;
    return (inner) =>
      changedMessages(inner, (message) => {
        if (message.destination.kind !== "reply") return message;
        const destination = last ?? message.destination;
        last = message.destination;
        return { ...message, destination };
      });
  },
};

export const deliversAfterClose: BrokenTransport = {
  does: "delivers replies to a closed inbox",
  caughtBy: closedInbox,
  breaker: () => (inner) =>
    changed(inner, {
      async openReplyInbox(onReply) {
        const { address } = await inner.openReplyInbox(onReply);
        return { address, close: () => Promise.resolve() };
      },
    }),
};

export const trustsAddresses: BrokenTransport = {
  does: "confirms a reply to any address",
  caughtBy: hostileAddresses,
  breaker: () => (inner) =>
    changed(inner, {
      publish: async (batch) => {
        const results = await inner.publish(batch);
        return results.map((result, at) => (batch[at]?.destination.kind === "reply" ? STORED : result));
      },
    }),
};

export const knowsNoAddresses: BrokenTransport = {
  does: "accepts any text as one of its reply addresses",
  caughtBy: knowsAddresses,
  breaker: () => (inner) => changed(inner, { takesReplies: () => true }),
};
