import { competing } from "../scenarios/consuming/competing.ts";
import type { Breakage } from "./breakage.ts";
import { changed } from "./change.ts";

export const duplicates: Breakage = {
  does: "stores every message twice",
  caughtBy: competing,
  breaker: () => (sound) =>
    changed(sound, {
      async publish(batch) {
        await sound.publish(batch.map((message) => ({ ...message, id: `${message.id}-again` })));
        return sound.publish(batch);
      },
    }),
};
