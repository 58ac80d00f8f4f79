import { cutResumes } from "../scenarios/life/cut-resumes.ts";
import type { Breakage } from "./breakage.ts";
import { changedDeliver, changedDelivery } from "./change.ts";

export const neverAborts: Breakage = {
  does: "tells no handler that its message was taken back",
  caughtBy: cutResumes,
  breaker: () => (sound) =>
    changedDeliver(sound, (deliver) => (delivery) => {
      const { signal } = new AbortController();
      return deliver(changedDelivery(delivery, { signal }));
    }),
};
