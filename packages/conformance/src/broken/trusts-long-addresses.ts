import { STORED } from "@waybill/core/transport";
import { longReplyAddress } from "../scenarios/hostile/long-reply-address.ts";
import type { Breakage } from "./breakage.ts";
import { changed } from "./change.ts";

/** Nothing is said of a reply that its broker's protocol has no room for. */
export const trustsLongAddresses: Breakage = {
  does: "answers that a reply to an address of 2,500 characters is stored",
  caughtBy: longReplyAddress,
  breaker: () => (sound) =>
    changed(sound, {
      publish: async (batch) => {
        const results = await sound.publish(batch);
        return results.map((result, at) => {
          const { destination } = batch[at] ?? {};
          return destination?.kind === "reply" && destination.address.length > 2_000 ? STORED : result;
        });
      },
    }),
};
