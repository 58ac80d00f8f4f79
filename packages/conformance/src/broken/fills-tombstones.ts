import { plainMessages } from "../scenarios/consuming/plain-messages.ts";
import type { Breakage } from "./breakage.ts";
import { changedMessages } from "./change.ts";

/** What a client does that knows no null: others then read a record where there was a tombstone. */
export const fillsTombstones: Breakage = {
  does: "takes a null body for an empty one",
  caughtBy: plainMessages,
  breaker: () => (sound) =>
    changedMessages(sound, (message) =>
      message.record === undefined ? message : { ...message, record: { ...message.record, isNull: false } },
    ),
};
