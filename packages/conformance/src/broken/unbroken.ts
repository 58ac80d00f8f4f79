import { storedIsDelivered } from "../scenarios/publishing/stored-is-delivered.ts";
import type { BrokenTransport } from "./broken-transport.ts";
import { changedDeliver, changedDelivery, changedMessages, changedSubscriptions } from "./change.ts";

/** A transport with all wrappers and no fault. It passes every scenario, so a broken transport fails by its fault and not by its wrappers. */
export const UNBROKEN: BrokenTransport = {
  does: "has no fault",
  caughtBy: storedIsDelivered,
  breaker: () => (inner) => {
    const messages = changedMessages(inner, (message) => ({ ...message }));
    const subscriptions = changedSubscriptions(messages, () => ({}));
    return changedDeliver(subscriptions, (deliver) => (delivery) => deliver(changedDelivery(delivery, {})));
  },
};
