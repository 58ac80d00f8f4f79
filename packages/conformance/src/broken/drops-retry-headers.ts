import { retryHeaders } from "../scenarios/settling/retry-headers.ts";
import type { Breakage } from "./breakage.ts";
import { changedDeliver } from "./change.ts";

export const dropsRetryHeaders: Breakage = {
  does: "retries without the headers it was given",
  caughtBy: retryHeaders,
  breaker: () => (sound) =>
    changedDeliver(sound, (deliver) => async (delivery) => {
      const answer = await deliver(delivery);
      return answer.type === "retry" ? { type: "retry", delayMs: answer.delayMs } : answer;
    }),
};
