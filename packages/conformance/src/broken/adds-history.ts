import { addedHistoryIsDrift } from "../scenarios/provisioning/added-history-is-drift.ts";
import type { Breakage } from "./breakage.ts";
import { changed } from "./change.ts";

export const addsHistory: Breakage = {
  does: "takes a topic without history for one with it",
  caughtBy: addedHistoryIsDrift,
  breaker: () => (sound) =>
    changed(sound, {
      provision: async (topology, mode) =>
        (await sound.provision(topology, mode)).filter(({ property = "" }) => !property.startsWith("ret")),
    }),
};
