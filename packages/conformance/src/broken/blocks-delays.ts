import { deletedQueue } from "../scenarios/delays/deleted-queue.ts";
import type { Breakage } from "./breakage.ts";
import { changed } from "./change.ts";

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
