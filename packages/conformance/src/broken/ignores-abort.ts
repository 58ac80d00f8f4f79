import { connectAborted } from "../scenarios/life/connect-aborted.ts";
import type { Breakage } from "./breakage.ts";
import { changed } from "./change.ts";

export const ignoresAbort: Breakage = {
  does: "connects although its caller has changed its mind",
  caughtBy: connectAborted,
  breaker: () => (sound) => changed(sound, { connect: () => sound.connect(new AbortController().signal) }),
};
