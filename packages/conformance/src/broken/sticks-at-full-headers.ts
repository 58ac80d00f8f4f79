import { fullHeaders } from "../scenarios/hostile/full-headers.ts";
import type { Breakage } from "./breakage.ts";
import { changedDeliver } from "./change.ts";

const ROOM = 50_000;

/** It tries to store the dead letter for ever, and keeps the message's place in the window meanwhile. */
export const sticksAtFullHeaders: Breakage = {
  does: "keeps a message in hand whose headers leave no room for its failure",
  caughtBy: fullHeaders,
  breaker: () => (sound) =>
    changedDeliver(sound, (deliver) => async (delivery) => {
      const settlement = await deliver(delivery);
      const size = Object.values(delivery.message.headers).join("").length;
      return settlement.type === "dead-letter" && size > ROOM ? new Promise(() => undefined) : settlement;
    }),
};
