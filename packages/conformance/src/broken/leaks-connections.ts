import { noConnectionsLeft } from "../scenarios/life/no-connections-left.ts";
import type { Breakage } from "./breakage.ts";
import { changed } from "./change.ts";

export const leaksConnections: Breakage = {
  does: "keeps its connection when it is closed",
  caughtBy: noConnectionsLeft,
  breaker: () => (sound) =>
    changed(sound, {
      close: () => Promise.resolve(),
    }),
};
