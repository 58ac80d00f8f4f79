import { storedIsDelivered } from "../scenarios/publishing/stored-is-delivered.ts";
import type { Breakage } from "./breakage.ts";
import { changedDeliver, changedDelivery, changedMessages, changedSubscriptions } from "./change.ts";

/** Nothing wrong, but wrapped in everything that the broken ones are made of: what it keeps, a breakage breaks by itself. */
export const UNBROKEN: Breakage = {
  does: "has nothing wrong",
  caughtBy: storedIsDelivered,
  breaker: () => (sound) => {
    const messages = changedMessages(sound, (message) => ({ ...message }));
    const subscriptions = changedSubscriptions(messages, () => ({}));
    return changedDeliver(subscriptions, (deliver) => (delivery) => deliver(changedDelivery(delivery, {})));
  },
};
