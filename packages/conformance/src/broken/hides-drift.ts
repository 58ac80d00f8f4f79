import { driftIsNamed } from "../scenarios/provisioning/drift-is-named.ts";
import type { Breakage } from "./breakage.ts";
import { changed } from "./change.ts";

export const hidesDrift: Breakage = {
  does: "says nothing of what differs",
  caughtBy: driftIsNamed,
  breaker: () => (sound) =>
    changed(sound, {
      provision: async (topology, mode) =>
        (await sound.provision(topology, mode)).filter(({ kind }) => kind !== "different"),
    }),
};
