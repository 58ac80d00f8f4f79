import { deletedSource } from "../scenarios/consuming/deleted-source.ts";
import type { Breakage } from "./breakage.ts";
import { changed } from "./change.ts";

export const hidesDeletions: Breakage = {
  does: "reports no problem of a source",
  caughtBy: deletedSource,
  breaker: () => (sound) =>
    changed(sound, { subscribe: (source, deliver) => sound.subscribe(source, deliver) }),
};
