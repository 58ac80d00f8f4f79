import { addedHistoryIsDrift } from "../../scenarios/provisioning/added-history-is-drift.ts";
import type { Breakage } from "../breakage.ts";
import { changed } from "../change.ts";
import { driftIsNamed } from "../../scenarios/provisioning/drift-is-named.ts";
import { namesStayApart } from "../../scenarios/provisioning/names-stay-apart.ts";
import { verifyCreatesNothing } from "../../scenarios/provisioning/verify-creates-nothing.ts";

export const addsHistory: Breakage = {
  does: "takes a topic without history for one with it",
  caughtBy: addedHistoryIsDrift,
  breaker: () => (sound) =>
    changed(sound, {
      provision: async (topology, mode) =>
        (await sound.provision(topology, mode)).filter(({ property = "" }) => !property.startsWith("ret")),
    }),
};

export const hidesDrift: Breakage = {
  does: "says nothing of what differs",
  caughtBy: driftIsNamed,
  breaker: () => (sound) =>
    changed(sound, {
      provision: async (topology, mode) =>
        (await sound.provision(topology, mode)).filter(({ kind }) => kind !== "different"),
    }),
};

/** The shortest way to make a name fit, and to make two names one. */
export const mergesNames: Breakage = {
  does: "replaces the characters of names that its broker does not like",
  caughtBy: namesStayApart,
  breaker: () => (sound) => {
    const plain = (name: string): string => name.replaceAll(/[.-]/g, "_");
    return changed(sound, {
      provision: ({ queues, topics, groups, services }, mode) =>
        sound.provision(
          {
            queues: queues.map((queue) => ({ ...queue, name: plain(queue.name) })),
            topics: topics.map((topic) => ({ ...topic, name: plain(topic.name) })),
            groups: groups.map((group) => ({ ...group, topic: plain(group.topic) })),
            services,
          },
          mode,
        ),
      publish: (batch) =>
        sound.publish(
          batch.map((message) => {
            const { destination } = message;
            if (destination.kind !== "queue" && destination.kind !== "topic") return message;
            return { ...message, destination: { ...destination, name: plain(destination.name) } };
          }),
        ),
      subscribe: (source, deliver) =>
        sound.subscribe(
          source.kind === "dead-letters" ? source : { ...source, name: plain(source.name) },
          deliver,
        ),
    });
  },
};

export const verifyCreates: Breakage = {
  does: "creates what it should only look for",
  caughtBy: verifyCreatesNothing,
  breaker: () => (sound) =>
    changed(sound, {
      async provision(topology, mode) {
        const drift = await sound.provision(topology, mode);
        if (mode === "verify") await sound.provision(topology, "apply");
        return drift;
      },
    }),
};
