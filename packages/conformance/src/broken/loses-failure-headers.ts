import { deadLetterUntouched } from "../scenarios/settling/dead-letter-untouched.ts";
import type { Breakage } from "./breakage.ts";
import { changedDeliver } from "./change.ts";

export const losesFailureHeaders: Breakage = {
  does: "stores dead letters without the headers of their failure",
  caughtBy: deadLetterUntouched,
  breaker: () => (sound) =>
    changedDeliver(sound, (deliver) => async (delivery) => {
      const answer = await deliver(delivery);
      return answer.type === "dead-letter" ? { ...answer, headers: {} } : answer;
    }),
};
