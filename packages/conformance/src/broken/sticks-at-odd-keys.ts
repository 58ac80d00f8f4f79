import { hostileNames } from "../scenarios/hostile/hostile-names.ts";
import type { Breakage } from "./breakage.ts";
import { keepingInHand } from "./change.ts";

export const sticksAtOddKeys: Breakage = {
  does: "keeps a message in hand whose key is not of letters",
  caughtBy: hostileNames,
  breaker: () => (sound) => keepingInHand(sound, ({ key }) => key !== undefined && !/^[a-z]+$/.test(key)),
};
