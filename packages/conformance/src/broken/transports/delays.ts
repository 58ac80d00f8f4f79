import { deletedQueue } from "../../scenarios/delays/deleted-queue.ts";
import type { Breakage } from "../breakage.ts";
import { changed, changedMessages } from "../change.ts";
import { neverEarly } from "../../scenarios/delays/never-early.ts";
import { longestDelay } from "../../scenarios/delays/longest-delay.ts";
import { resendKeepsTime } from "../../scenarios/delays/resend-keeps-time.ts";

/** How many delayed messages may be undelivered before all others wait. */
const MOST_UNDELIVERED = 32;

export const blocksDelays: Breakage = {
  does: "lets delayed messages that cannot be delivered stop all delays",
  caughtBy: deletedQueue,
  breaker: () => {
    const undelivered = new Set<string>();
    return (sound, { clock }) =>
      changed(sound, {
        publish: (batch) =>
          sound.publish(
            batch.map((message) => {
              if (message.deliverAt === undefined) return message;
              const isStopped = undelivered.size > MOST_UNDELIVERED && message.deliverAt > clock.now();
              undelivered.add(message.id);
              return isStopped ? { ...message, deliverAt: message.deliverAt + 86_400_000 } : message;
            }),
          ),
        subscribe: (source, deliver) =>
          sound.subscribe(source, (delivery) => {
            undelivered.delete(delivery.message.id);
            return deliver(delivery);
          }),
      });
  },
};

export const deliversEarly: Breakage = {
  does: "delivers a delayed message a little early",
  caughtBy: neverEarly,
  breaker: () => (sound) =>
    changedMessages(sound, (message) => ({
      ...message,
      deliverAt: message.deliverAt === undefined ? undefined : message.deliverAt - 50,
    })),
};

export const forgetsDelays: Breakage = {
  does: "takes any delay and cuts it to what the broker can",
  caughtBy: longestDelay,
  breaker:
    () =>
    (sound, { clock }) =>
      changedMessages(sound, (message) => {
        const latest = clock.now() + sound.capabilities.deliverAt.longestMs;
        return { ...message, deliverAt: message.deliverAt && Math.min(message.deliverAt, latest) };
      }),
};

/** Relative delays in disguise: many brokers know no others. */
export const postponesResends: Breakage = {
  does: "counts the delay of a message from its last publish",
  caughtBy: resendKeepsTime,
  breaker: () => {
    const delays = new Map<string, number>();
    return (sound, { clock }) =>
      changedMessages(sound, (message) => {
        if (message.deliverAt === undefined) return message;
        const delay = delays.get(message.id) ?? message.deliverAt - clock.now();
        delays.set(message.id, delay);
        return { ...message, deliverAt: clock.now() + delay };
      });
  },
};
