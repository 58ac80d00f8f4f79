import type { IncomingStep } from "../incoming/incoming-step.ts";
import { giveUp, type GiveUpServices } from "../incoming/give-up.ts";

/** What cannot be read or has no handler is a dead letter at once: trying again would not change it. */
export function catchUnreadable(rites: GiveUpServices): IncomingStep {
  return {
    name: "catch unreadable",
    run(message, next) {
      try {
        return next(message);
      } catch (failure) {
        return giveUp(message, { failure, tries: 0 }, rites);
      }
    },
  };
}
