import { groupDestination } from "../scenarios/consuming/group-destination.ts";
import type { Breakage } from "./breakage.ts";
import { changedMessages } from "./change.ts";

export const replaysToAll: Breakage = {
  does: "sends what is meant for one group to all of a topic",
  caughtBy: groupDestination,
  breaker: () => (sound) =>
    changedMessages(sound, (message) => {
      const { destination } = message;
      if (destination.kind !== "group") return message;
      return { ...message, destination: { kind: "topic", name: destination.topic } };
    }),
};
