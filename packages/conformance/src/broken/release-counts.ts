import { releaseIsFree } from "../scenarios/settling/release-is-free.ts";
import type { Breakage } from "./breakage.ts";
import { changedDeliver } from "./change.ts";

export const releaseCounts: Breakage = {
  does: "counts a message given back as tried",
  caughtBy: releaseIsFree,
  breaker: () => (sound) =>
    changedDeliver(sound, (deliver) => async (delivery) => {
      const answer = await deliver(delivery);
      return answer.type === "release" ? { type: "retry", delayMs: 0 } : answer;
    }),
};
