import { STORED } from "@waybill/core/transport";
import { hostileAddresses } from "../scenarios/requests/hostile-addresses.ts";
import type { Breakage } from "./breakage.ts";
import { changed } from "./change.ts";

export const trustsAddresses: Breakage = {
  does: "takes any text for a reply address",
  caughtBy: hostileAddresses,
  breaker: () => (sound) =>
    changed(sound, {
      publish: async (batch) => {
        const results = await sound.publish(batch);
        return results.map((result, at) => (batch[at]?.destination.kind === "reply" ? STORED : result));
      },
    }),
};
