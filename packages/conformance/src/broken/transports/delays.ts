import { deletedQueue } from "../../scenarios/delays/deleted-queue.ts";
import { longestDelay } from "../../scenarios/delays/longest-delay.ts";
import { neverEarly } from "../../scenarios/delays/never-early.ts";
import { resendKeepsTime } from "../../scenarios/delays/resend-keeps-time.ts";
import type { BrokenTransport } from "../broken-transport.ts";
import { changed, changedMessages } from "../change.ts";

export const deliversEarly: BrokenTransport = {
  does: "delivers a delayed message 50 ms early",
  caughtBy: neverEarly,
  breaker: () => (inner) =>
    changedMessages(inner, (message) => ({
      ...message,
      deliverAt: message.deliverAt === undefined ? undefined : message.deliverAt - 50,
    })),
};

export const shortensDelays: BrokenTransport = {
  does: "accepts any delay and shortens it to the broker's limit",
  caughtBy: longestDelay,
  breaker:
    () =>
    (inner, { clock }) =>
      changedMessages(inner, (message) => {
        const latest = clock.now() + inner.capabilities.deliverAt.longestMs;
        return { ...message, deliverAt: message.deliverAt && Math.min(message.deliverAt, latest) };
      }),
};

/** Like a broker that supports only relative delays. */
export const postponesResends: BrokenTransport = {
  does: "measures the delay of a message from its last publish",
  caughtBy: resendKeepsTime,
  breaker: () => {
    const delays = new Map<string, number>();
    return (inner, { clock }) =>
      changedMessages(inner, (message) => {
        if (message.deliverAt === undefined) return message;
        const delay = delays.get(message.id) ?? message.deliverAt - clock.now();
        delays.set(message.id, delay);
        return { ...message, deliverAt: clock.now() + delay };
      });
  },
};

/** The number of undelivered delayed messages above which all others wait. */
const MAX_UNDELIVERED = 32;

export const blocksDelays: BrokenTransport = {
  does: "stops all delays when some delayed messages cannot be delivered",
  caughtBy: deletedQueue,
  breaker: () => {
    const undelivered = new Set<string>();
    return (inner, { clock }) =>
      changed(inner, {
        publish: (batch) =>
          inner.publish(
            batch.map((message) => {
              if (message.deliverAt === undefined) return message;
              const isStopped = undelivered.size > MAX_UNDELIVERED && message.deliverAt > clock.now();
              undelivered.add(message.id);
              return isStopped ? { ...message, deliverAt: message.deliverAt + 86_400_000 } : message;
            }),
          ),
        subscribe: (source, deliver) =>
          inner.subscribe(source, (delivery) => {
            undelivered.delete(delivery.message.id);
            return deliver(delivery);
          }),
      });
  },
};
