import { slowHandler } from "../scenarios/consuming/slow-handler.ts";
import type { Breakage } from "./breakage.ts";
import { changedDeliver } from "./change.ts";

export const oneAtATime: Breakage = {
  does: "waits for every answer before it hands out the next message",
  caughtBy: slowHandler,
  breaker: () => (sound) =>
    changedDeliver(sound, (deliver) => {
      let before: Promise<unknown> = Promise.resolve();
      return (delivery) => {
        const answer = before.then(() => deliver(delivery));
        before = answer;
        return answer;
      };
    }),
};
