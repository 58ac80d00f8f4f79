import { RELEASE } from "@waybill/core/transport";
import { deadLettersRead } from "../scenarios/settling/dead-letters-read.ts";
import type { Breakage } from "./breakage.ts";
import { changed } from "./change.ts";

export const deadLettersTwice: Breakage = {
  does: "hands out a dead letter again after it was discarded",
  caughtBy: deadLettersRead,
  breaker: () => {
    const discarded = new Set<string>();
    return (sound) =>
      changed(sound, {
        subscribe: (source, deliver) =>
          sound.subscribe(source, async (delivery) => {
            const answer = await deliver(delivery);
            const { id } = delivery.message;
            if (source.kind !== "dead-letters" || answer.type !== "ack" || discarded.has(id)) return answer;
            discarded.add(id);
            return RELEASE;
          }),
      });
  },
};
