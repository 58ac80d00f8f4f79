import { headerTwice } from "../scenarios/hostile/header-twice.ts";
import type { Breakage } from "./breakage.ts";
import { keepingInHand } from "./change.ts";

/** Whichever of its values a broker hands on. */
export const sticksAtDoubleHeaders: Breakage = {
  does: "keeps a message in hand that has one header twice",
  caughtBy: headerTwice,
  breaker: () => (sound) => keepingInHand(sound, ({ headers }) => "twice" in headers),
};
