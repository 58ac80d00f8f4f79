import { addedHistoryIsDrift } from "../../scenarios/provisioning/added-history-is-drift.ts";
import { driftIsNamed } from "../../scenarios/provisioning/drift-is-named.ts";
import { namesStayApart } from "../../scenarios/provisioning/names-stay-apart.ts";
import { verifyCreatesNothing } from "../../scenarios/provisioning/verify-creates-nothing.ts";
import type { BrokenTransport } from "../broken-transport.ts";
import { changed } from "../change.ts";

export const verifyCreates: BrokenTransport = {
  does: "creates missing entities during verify",
  caughtBy: verifyCreatesNothing,
  breaker: () => (inner) =>
    changed(inner, {
      async provision(topology, mode) {
        const drift = await inner.provision(topology, mode);
        if (mode === "verify") await inner.provision(topology, "apply");
        return drift;
      },
    }),
};

export const hidesDrift: BrokenTransport = {
  does: "hides differences",
  caughtBy: driftIsNamed,
  breaker: () => (inner) =>
    changed(inner, {
      provision: async (topology, mode) =>
        (await inner.provision(topology, mode)).filter(({ kind }) => kind !== "different"),
    }),
};

export const addsHistory: BrokenTransport = {
  does: "reports no drift for missing history",
  caughtBy: addedHistoryIsDrift,
  breaker: () => (inner) =>
    changed(inner, {
      provision: async (topology, mode) =>
        (await inner.provision(topology, mode)).filter(({ property = "" }) => !property.startsWith("ret")),
    }),
};

/** The simplest way to make a name valid, which can turn two names into one. */
export const mergesNames: BrokenTransport = {
  does: "replaces invalid characters of names by an underscore",
  caughtBy: namesStayApart,
  breaker: () => (inner) => {
    const plain = (name: string): string => name.replaceAll(/[.-]/g, "_");
    return changed(inner, {
      provision: ({ queues, topics, groups, services }, mode) =>
        inner.provision(
          {
            queues: queues.map((queue) => ({ ...queue, name: plain(queue.name) })),
            topics: topics.map((topic) => ({ ...topic, name: plain(topic.name) })),
            groups: groups.map((group) => ({ ...group, topic: plain(group.topic) })),
            services,
          },
          mode,
        ),
      publish: (batch) =>
        inner.publish(
          batch.map((message) => {
            const { destination } = message;
            if (destination.kind !== "queue" && destination.kind !== "topic") return message;
            return { ...message, destination: { ...destination, name: plain(destination.name) } };
          }),
        ),
      subscribe: (source, deliver) =>
        inner.subscribe(
          source.kind === "dead-letters" ? source : { ...source, name: plain(source.name) },
          deliver,
        ),
    });
  },
};
