import { neverEarly } from "../scenarios/delays/never-early.ts";
import type { Breakage } from "./breakage.ts";
import { changedMessages } from "./change.ts";

export const deliversEarly: Breakage = {
  does: "delivers a delayed message a little early",
  caughtBy: neverEarly,
  breaker: () => (sound) =>
    changedMessages(sound, (message) => ({
      ...message,
      deliverAt: message.deliverAt === undefined ? undefined : message.deliverAt - 50,
    })),
};
