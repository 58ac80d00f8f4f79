import { STORED } from "@waybill/core/transport";
import { publisherGone } from "../scenarios/publishing/publisher-gone.ts";
import type { Breakage } from "./breakage.ts";
import { changed } from "./change.ts";

/** A buffer with a linger time and no confirmation. */
export const confirmsEarly: Breakage = {
  does: "answers ok before the broker has",
  caughtBy: publisherGone,
  breaker:
    () =>
    (sound, { clock }) =>
      changed(sound, {
        publish(batch) {
          clock.schedule(5, () => void sound.publish(batch));
          return Promise.resolve(batch.map(() => STORED));
        },
      }),
};
