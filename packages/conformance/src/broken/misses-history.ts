import { lateGroupHistory } from "../scenarios/consuming/late-group-history.ts";
import type { Breakage } from "./breakage.ts";
import { changed } from "./change.ts";

export const missesHistory: Breakage = {
  does: "starts every group at the latest",
  caughtBy: lateGroupHistory,
  breaker: () => (sound) =>
    changed(sound, {
      provision(topology, mode) {
        const groups = topology.groups.map((group) => ({ ...group, from: "latest" as const }));
        return sound.provision({ ...topology, groups }, mode);
      },
    }),
};
