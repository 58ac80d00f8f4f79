import { attemptsAcrossInstances } from "../scenarios/settling/attempts-across-instances.ts";
import type { Breakage } from "./breakage.ts";
import { changedDeliver, changedDelivery } from "./change.ts";

export const forgetsAttempts: Breakage = {
  does: "calls every delivery the first",
  caughtBy: attemptsAcrossInstances,
  breaker: () => (sound) =>
    changedDeliver(sound, (deliver) => (delivery) => deliver(changedDelivery(delivery, { attempt: 1 }))),
};
