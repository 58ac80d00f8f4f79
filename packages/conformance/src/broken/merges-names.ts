import { namesStayApart } from "../scenarios/provisioning/names-stay-apart.ts";
import type { Breakage } from "./breakage.ts";
import { changed } from "./change.ts";

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
