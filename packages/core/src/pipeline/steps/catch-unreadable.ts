import type { IncomingStep } from "../incoming/incoming-message.ts";
import { giveUp, type GiveUpServices } from "../incoming/give-up.ts";

/** Dead-letters a message that cannot be read or has no handler: a retry would not change that. */
export function catchUnreadable(services: GiveUpServices): IncomingStep {
  return {
    name: "catch unreadable",
    run(message, next) {
      try {
        return next(message);
      } catch (failure) {
        return giveUp(message, { failure, tries: 0 }, services);
      }
    },
  };
}
