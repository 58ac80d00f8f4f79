import { retryWhenDue } from "../scenarios/settling/retry-when-due.ts";
import type { Breakage } from "./breakage.ts";
import { changedDeliver } from "./change.ts";

export const retriesEarly: Breakage = {
  does: "brings a retried message back before its delay is over",
  caughtBy: retryWhenDue,
  breaker: () => (sound) =>
    changedDeliver(sound, (deliver) => async (delivery) => {
      const answer = await deliver(delivery);
      return answer.type === "retry" ? { ...answer, delayMs: answer.delayMs / 2 } : answer;
    }),
};
